import Routing
import Sessions
import Telemetry
import Testing

@testable import Forwarding

@Suite("The budgets of what the gateway keeps")
struct MemoryBoundTests {
    private static func server() -> ScriptedServer {
        let server = ScriptedServer("s", .legacy, .process)
        server.isShared = true
        server.advice = Advice(
            deadlineMilliseconds: 60_000, concurrencyLimit: 4, queueBound: 1000, maxAttempts: 1)
        return server
    }

    @Test("A call for whose message there is no room is answered overloaded, and later ones are served")
    func routing() {
        let account = MemoryAccount(budgetBytes: 1 << 20)
        let server = Self.server()
        let rig = Rig([server], memory: GatewayMemory(routing: account)).started()
        let text = String(repeating: "x", count: 100_000)
        let calls = (0..<20).map { rig.modernCall("s__hold", ["number": $0, "text": text], loop: $0 % 2) }
        rig.world.run(milliseconds: 2_000)
        let refused = calls.filter(\.isOver)
        #expect((9...12).contains(refused.count))
        #expect(refused.count { $0.response?.reason == "overloaded" } == refused.count)
        #expect(refused.count { $0.responseCount == 1 } == refused.count)
        #expect(account.usedBytes <= account.budgetBytes && account.usedBytes > 800_000)
        for _ in 0..<20 {
            server.release()
            rig.world.run(milliseconds: 100)
        }
        #expect(calls.count { $0.isOver } == 20)
        let later = rig.modernCall("s__echo", ["text": text])
        rig.world.run { later.isOver }
        #expect(later.response?.text?.hasPrefix("s: x") == true)
        #expect(account.usedBytes <= 2 * 4 * 1024)
        #expect(rig.leftovers() == [])
    }

    @Test("Sessions are refused when there is no room for more, and there is room again when one ends")
    func sessions() {
        let account = MemoryAccount(budgetBytes: 3 * GatewayMemory.sessionBytes)
        let rig = Rig([Self.server()], memory: GatewayMemory(state: account)).started()
        let clients = (0..<5).map { _ in rig.session(initialized: false) }
        #expect(clients.count { $0.id != nil } == 3)
        #expect(account.usedBytes == 3 * GatewayMemory.sessionBytes)
        let end = clients[0].end()
        rig.world.run { end.isOver }
        #expect(account.usedBytes == 2 * GatewayMemory.sessionBytes)
        #expect(rig.session().id != nil)
        #expect(rig.shutDown() == [])
        #expect(account.usedBytes == 0)
    }

    @Test("Kept events have three quarters of the budget at most, and the oldest make room")
    func events() {
        let account = MemoryAccount(budgetBytes: 40_000)
        let log = EventLog(budget: EventBudget(account: account))
        log.openGeneral()
        for _ in 0..<100 { log.record([UInt8](repeating: 0x61, count: 1_000), on: EventLog.general) }
        #expect(account.usedBytes <= 30_000 && account.usedBytes > 25_000)
        #expect(log.count < 30)
        log.close()
        #expect(account.usedBytes == 0)
    }
}
