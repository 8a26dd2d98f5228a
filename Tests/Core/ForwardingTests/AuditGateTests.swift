import Identifiers
import Routing
import Sessions
import Telemetry
import Testing

@testable import Forwarding

@Suite("The audit gate") struct AuditGateTests {
    private static func rig(
        _ gate: CallGate, isRequired: Bool = true, notesStarts: Bool = true, access: AccessPlan = AccessPlan()
    ) -> (Rig, ScriptedServer, HeldAudit) {
        let server = ScriptedServer("a", .modern, .http)
        let audit = HeldAudit(gate, isRequired: isRequired, notesStarts: notesStarts)
        return (Rig([server], access: access, audit: audit).started(), server, audit)
    }

    private static func calls(_ server: ScriptedServer) -> Int { server.count("tools/call") }

    private static func code(_ exchange: ClientExchange) -> Int? {
        (exchange.response?["error"] as? JSONObject)?["code"] as? Int
    }

    @Test("A call goes on at once where there is nothing to wait for, and its end is noted as a whole")
    func passes() {
        let (rig, server, audit) = Self.rig(.pass)
        let call = rig.modernCall("a__echo")
        rig.world.run { call.isOver }
        #expect(call.status == 200 && Self.calls(server) == 1)
        #expect(audit.begun.isEmpty)
        let ends = audit.ended.filter { $0.record.method == "tools/call" }
        #expect(ends.map(\.wasStarted) == [false])
        #expect(ends.map(\.record.outcome) == [.ok])
        #expect(rig.shutDown() == [])
    }

    @Test("Where starts are noted nothing reaches the server before the start is on disk")
    func waits() {
        let (rig, server, audit) = Self.rig(.wait)
        let call = rig.modernCall("a__echo")
        rig.world.run(milliseconds: 2_000)
        #expect(!call.isOver && Self.calls(server) == 0)
        #expect(audit.begun.map(\.tool) == ["a__echo"])
        audit.answer(true)
        rig.world.run { call.isOver }
        #expect(call.status == 200 && Self.calls(server) == 1)
        let ends = audit.ended.filter { $0.record.method == "tools/call" }
        #expect(ends.map(\.wasStarted) == [true])
        #expect(ends.map(\.record.callID) == audit.begun.map(\.callID))
        #expect(rig.shutDown() == [])
    }

    @Test("A call that the log can't take is refused with 1004 and a time to try again, and not carried out")
    func refuses() {
        for isLate in [false, true] {
            let (rig, server, audit) = Self.rig(isLate ? .wait : .refuse)
            let call = rig.modernCall("a__echo")
            rig.world.settle()
            if isLate { audit.answer(false) }
            rig.world.run { call.isOver }
            #expect(Self.code(call) == 1004 && Self.calls(server) == 0)
            let error = call.response?["error"] as? JSONObject
            let facts = (error?["data"] as? JSONObject)?["attune"] as? JSONObject
            #expect(facts?["reason"] as? String == "audit")
            #expect(facts?["retry_after_ms"] as? Int == 1000)
            #expect(audit.ended.filter { $0.record.method == "tools/call" }.map(\.wasStarted) == [isLate])
            #expect(rig.shutDown() == [])
        }
    }

    @Test("A log that says nothing for 5 s refuses the call where it is required, and is passed by else")
    func silence() {
        for isRequired in [true, false] {
            let (rig, server, audit) = Self.rig(.wait, isRequired: isRequired)
            let call = rig.modernCall("a__echo")
            rig.world.run(milliseconds: 4_900)
            #expect(!call.isOver && Self.calls(server) == 0)
            rig.world.run { call.isOver }
            #expect(Self.calls(server) == (isRequired ? 0 : 1))
            #expect(Self.code(call) == (isRequired ? 1004 : nil))
            // What it says at last changes nothing any more.
            audit.answer(true)
            rig.world.settle()
            #expect(Self.calls(server) == (isRequired ? 0 : 1))
            #expect(rig.shutDown() == [])
        }
    }

    @Test("A call that its client cancels while it waits is over, whatever the log says then")
    func cancelled() {
        let (rig, server, audit) = Self.rig(.wait)
        let call = rig.modernCall("a__echo")
        rig.world.settle()
        rig.leave(call)
        rig.world.settle()
        audit.answer(true)
        rig.world.run(milliseconds: 1_000)
        #expect(Self.calls(server) == 0)
        let ends = audit.ended.filter { $0.record.method == "tools/call" }
        #expect(ends.map(\.record.outcome) == [.cancelled] && ends.map(\.wasStarted) == [true])
        #expect(rig.shutDown() == [])
    }

    @Test("What the gateway answers itself never waits, and is noted")
    func ownAnswers() {
        let (rig, _, audit) = Self.rig(.refuse)
        let list = rig.modern("tools/list")
        let unknown = rig.modernCall("a__no_such_tool")
        rig.world.run { list.isOver && unknown.isOver }
        #expect(list.status == 200 && audit.begun.isEmpty)
        #expect(audit.ended.map(\.record.method).contains("tools/list"))
        #expect(audit.ended.contains { $0.record.method == "tools/call" && $0.record.outcome == .refused })
        #expect(rig.shutDown() == [])
    }

    @Test("Who shows no key, or one that opens nothing here, is noted")
    func turnedAway() {
        let access = AccessPlan(authenticator: NamedKeys(), rules: [])
        let (rig, _, audit) = Self.rig(.pass, access: access)
        let asked = [rig.modern("tools/list"), rig.modern("tools/list", key: "stranger")]
        rig.world.run { asked.allSatisfy(\.isOver) }
        #expect(audit.turnedAway.map(\.status) == [401, 401])
        #expect(audit.turnedAway.map(\.path) == ["/mcp", "/mcp"])
        #expect(audit.ended.isEmpty)
        #expect(rig.shutDown() == [])
    }
}
