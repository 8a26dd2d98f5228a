import Identifiers
import Rings
import Routing
import Sessions
import SharedMemory
import Telemetry
import Testing

@testable import Forwarding

@Suite("What the shared region is told of calls")
struct ObservationTests {
    private struct World {
        let region: ObservedRegion
        let rig: Rig
        let server: ScriptedServer

        init(_ kind: ScriptedServer.Kind = .legacy) throws {
            region = try ObservedRegion()
            server = ScriptedServer("s", kind, .process)
            server.isShared = true
            rig = Rig([server], region: region).started()
            _ = try region.read()
        }

        func finish(_ exchange: ClientExchange) -> ClientExchange {
            rig.world.run { exchange.isOver }
            return exchange
        }

        /// The only record of a method since the last look.
        func record(of method: String = "tools/call") throws -> ObservationRecord {
            let found = try region.read().filter { region.name($0.method) == method }
            return try #require(found.count == 1 ? found.first : nil, "\(found.count) records")
        }
    }

    @Test("Every finished call has one record, which says what the log of calls says")
    func equalsLog() throws {
        let world = try World()
        let client = world.rig.session()
        for loop in [0, 1, 0] { _ = world.finish(client.call("s__echo", ["text": "hi"], loop: loop)) }
        _ = world.finish(world.rig.modernCall("s__count", loop: 1))
        _ = world.finish(world.rig.modernCall("s__nothing"))
        _ = world.finish(world.rig.modern("resources/read", ["uri": "file:///a"]))
        _ = world.finish(world.rig.modern("prompts/get", ["name": "s__greet"], loop: 1))
        _ = world.finish(world.rig.modern("tools/list"))
        let records = try world.region.read()
        let log = world.rig.gateway.recorder.calls.page(limit: 100).calls
        #expect(records.count >= 8)
        for call in log.filter({ $0.method != "initialize" }) {
            let found = records.filter { $0.callID == call.callID.rawValue }
            let record = try #require(found.count == 1 ? found.first : nil, "\(call.method): \(found.count)")
            #expect(record.isWhole)
            #expect(record.startMicroseconds == call.startMicroseconds)
            #expect(world.region.name(record.principal) == call.principal.name)
            #expect(world.region.name(record.session) == call.session)
            #expect(world.region.name(record.server) == call.server)
            #expect(world.region.name(record.tool) == call.tool)
            #expect(world.region.name(record.method) == call.method)
            #expect(record.era == (call.modern ? 1 : 0))
            #expect(record.outcome == call.outcome.rawValue)
            #expect(Int(record.errorCode) == call.errorCode)
            #expect(UInt64(record.queueMicroseconds) == call.queueMicroseconds)
            #expect(UInt64(record.upstreamMicroseconds) == call.upstreamMicroseconds)
            #expect(UInt64(record.durationMicroseconds) == call.durationMicroseconds)
            #expect(Int(record.requestBytes) == call.requestBytes)
            #expect(Int(record.resultBytes) == call.resultBytes)
            #expect(record.adviceVersion == call.adviceVersion)
        }
        #expect(Set(records.map(\.loop)) == [0, 1])
    }

    @Test("The raw params and the server's own result are there, with the hashes of arguments and result")
    func payloads() throws {
        let world = try World()
        _ = world.finish(world.rig.modernCall("s__echo", ["text": "hi", "n": 1]))
        let record = try world.record()
        let payload = try #require(world.region.payload(record))
        let params = JSON.object(payload.params)
        #expect(params["name"] as? String == "s__echo")
        #expect(record.flags == [.paramsCaptured, .resultCaptured])
        let arguments = Array(#"{"n":1,"text":"hi"}"#.utf8)
        #expect(record.argumentHash == XXHash64.hash(arguments.span))
        #expect(record.resultHash == XXHash64.hash(payload.result.span))
        let result = JSON.object(payload.result)
        #expect(((result["content"] as? [JSONObject])?.first)?["text"] as? String == "s: hi")
        #expect(record.payloadPosition % 8 == 0)
    }

    @Test("Equal arguments have equal hashes, whoever asks and whatever else the params hold")
    func hashes() throws {
        let world = try World()
        let client = world.rig.session()
        _ = world.finish(client.call("s__echo", ["text": "same"], token: 5))
        let first = try world.record()
        _ = world.finish(world.rig.modernCall("s__echo", ["text": "same"], loop: 1))
        let second = try world.record()
        _ = world.finish(world.rig.modernCall("s__echo", ["text": "other"], loop: 1))
        let third = try world.record()
        #expect(first.argumentHash == second.argumentHash && first.argumentHash != 0)
        #expect(third.argumentHash != first.argumentHash)
        #expect(third.resultHash != first.resultHash)
        #expect(first.session != 0 && second.session == 0)
    }

    @Test("Payloads over the caps are cut and say so; the hashes are of the whole")
    func cut() throws {
        let world = try World()
        let long = String(repeating: "x", count: 100_000)
        _ = world.finish(world.rig.modernCall("s__echo", ["text": long]))
        let record = try world.record()
        #expect(record.flags == [.paramsCaptured, .resultCaptured, .paramsCut, .resultCut])
        #expect(Int(record.paramsBytes) == CallObserver.maxParamsBytes)
        #expect(Int(record.payloadResultBytes) == CallObserver.maxResultBytes)
        let payload = try #require(world.region.payload(record))
        #expect(payload.params.count == CallObserver.maxParamsBytes)
        #expect(payload.result.count == CallObserver.maxResultBytes)
        let arguments = Array(#"{"text":"\#(long)"}"#.utf8)
        #expect(record.argumentHash == XXHash64.hash(arguments.span))
        #expect(record.requestBytes > 100_000 && record.resultBytes > 100_000)
    }

    @Test("A tool has one id, at the federated and at the server's own address")
    func oneTool() throws {
        let world = try World()
        _ = world.finish(world.rig.modernCall("s__echo"))
        let federated = try world.record()
        _ = world.finish(world.rig.modernCall("echo", at: "/mcp/s"))
        let own = try world.record()
        #expect(federated.tool == own.tool && own.tool != 0)
        #expect(world.region.name(own.tool) == "s__echo")
        #expect(world.region.kind(own.tool) == .tool)
        #expect(federated.server == own.server)
    }

    @Test("What clients make up is no tool's name")
    func madeUp() throws {
        let world = try World()
        _ = world.finish(world.rig.modernCall("s__made_up"))
        let record = try world.record()
        #expect(record.outcome == CallRecord.Outcome.refused.rawValue)
        #expect(world.region.kind(record.tool) == .other)
        _ = world.finish(world.rig.modernCall("made_up", at: "/mcp/s"))
        let own = try world.record()
        #expect(world.region.kind(own.tool) == .other)
    }

    @Test("A call that the client cancels, and one that the gateway answers, have records without a result")
    func withoutResult() throws {
        let world = try World()
        let client = world.rig.session()
        _ = try world.region.read()
        let exchange = client.call("s__hold", ["number": 1], id: "c1")
        world.rig.world.run { !world.server.held.isEmpty }
        let note = client.notify("notifications/cancelled", ["requestId": "c1"])
        world.rig.world.run { note.isOver }
        world.rig.world.run(milliseconds: 100)
        _ = exchange
        let record = try world.record()
        #expect(record.outcome == CallRecord.Outcome.cancelled.rawValue)
        #expect(record.resultHash == 0 && record.payloadResultBytes == 0)
        #expect(record.flags == [.paramsCaptured])
        #expect(record.resultBytes == 0)
        let server = ScriptedServer("late", .modern, .process)
        server.advice = Advice(
            deadlineMilliseconds: 200, concurrencyLimit: 4, queueBound: 4, maxAttempts: 1)
        world.rig.apply([world.server, server])
        world.rig.world.run(milliseconds: 1_000)
        let late = world.rig.modernCall("late__hold")
        world.rig.world.run { late.isOver }
        let timeout = try world.record()
        #expect(timeout.outcome == CallRecord.Outcome.timeout.rawValue)
        #expect(timeout.errorCode == 1001 && timeout.resultHash == 0)
        #expect(timeout.durationMicroseconds >= 200_000)
    }

    @Test("An error of the server is captured with its code")
    func error() throws {
        let world = try World()
        _ = world.finish(world.rig.modern("resources/read", ["uri": "file:///none"], at: "/mcp/s"))
        let record = try world.record(of: "resources/read")
        #expect(record.outcome == CallRecord.Outcome.rpcError.rawValue)
        let payload = try #require(world.region.payload(record))
        #expect(JSON.object(payload.result)["message"] as? String == "no such resource")
        #expect(record.resultHash == XXHash64.hash(payload.result.span))
    }

    @Test("What a turn brings is shown at its end, and names are asked for once")
    func turns() throws {
        let world = try World()
        let call = { world.rig.modernCall("s__echo", ["text": "x"]) }
        _ = world.finish(call())
        let names = world.region.nameCount
        let calls = (0..<200).map { _ in call() }
        world.rig.world.run { calls.allSatisfy(\.isOver) }
        let records = try world.region.read().filter { world.region.name($0.method) == "tools/call" }
        #expect(records.count == 201)
        #expect(Set(records.map(\.callID)).count == 201)
        #expect(world.region.nameCount == names)
    }

    @Test("Without a region nothing is observed, and calls are served")
    func off() {
        let server = ScriptedServer("s", .legacy, .process)
        let rig = Rig([server]).started()
        #expect(rig.gateway.observation == nil)
        let call = rig.modernCall("s__echo")
        rig.world.run { call.isOver }
        #expect(call.response?.text == "s: ")
    }
}
