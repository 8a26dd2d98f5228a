import Sessions
import Telemetry
import Testing

@testable import Transports

@Suite("The budget of messages in transit", .timeLimit(.minutes(1)))
struct MemoryBoundTests {
    private static func limits(_ account: MemoryAccount) -> HTTPServerLimits {
        var limits = HTTPServerLimits()
        limits.memory = account
        return limits
    }

    private static let largeBytes = 16 << 20
    private static let large: TestFront.Answering = { _, exchange in
        exchange.answer(
            HTTPAnswer(status: 200, content: .json, body: [UInt8](repeating: 0x61, count: largeBytes)))
    }

    private static func head(_ server: TestServer.Context, _ bytes: Int) -> String {
        "POST /mcp HTTP/1.1\r\nHost: \(server.host)\r\nContent-Length: \(bytes)\r\n\r\n"
    }

    @Test("A body for which there is no room is refused with 503, and what it held is free again")
    func bodies() async throws {
        let account = MemoryAccount(budgetBytes: 300_000)
        try await TestServer.run(limits: Self.limits(account)) { server in
            let first = try await RawClient.connect(server.port)
            try await first.send(Self.head(server, 250_001) + String(repeating: "a", count: 250_000))
            while account.usedBytes < 250_000 { await Task.yield() }
            let second = try await RawClient.connect(server.port)
            try await second.send(Self.head(server, 100_001) + String(repeating: "b", count: 100_000))
            let answer = await second.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains(#""code":1004"#))
            try await first.send("a")
            #expect(await first.read { $0.hasSuffix("aa") }.hasPrefix("HTTP/1.1 200 "))
            while account.usedBytes > 0 { await Task.yield() }
            let third = try await RawClient.connect(server.port)
            try await third.send(Self.head(server, 100_000) + String(repeating: "c", count: 100_000))
            #expect(await third.read { $0.hasSuffix("cc") }.hasPrefix("HTTP/1.1 200 "))
        }
        #expect(account.usedBytes == 0)
    }

    @Test("A client that goes in the middle of a body gives back what it held")
    func abandonedBody() async throws {
        let account = MemoryAccount(budgetBytes: 1 << 20)
        try await TestServer.run(limits: Self.limits(account)) { server in
            let client = try await RawClient.connect(server.port)
            try await client.send(Self.head(server, 200_000) + String(repeating: "a", count: 150_000))
            while account.usedBytes < 150_000 { await Task.yield() }
            await client.close()
            while account.usedBytes > 0 { await Task.yield() }
        }
    }

    @Test("A client that does not read a large answer is counted, and closed where there is no room")
    func unread() async throws {
        let account = MemoryAccount(budgetBytes: 1 << 20)
        try await TestServer.run(limits: Self.limits(account), answering: Self.large) { server in
            let client = try await RawClient.connect(server.port, reads: false)
            try await client.send(Self.head(server, 2) + "{}")
            while server.listener.connectionCount > 0 { await Task.yield() }
            while account.usedBytes > 0 { await Task.yield() }
            #expect(account.refusalCount > 0)
        }
    }

    @Test("A client that reads slowly is counted while it does, within the budget")
    func slow() async throws {
        let account = MemoryAccount(budgetBytes: 64 << 20)
        try await TestServer.run(limits: Self.limits(account), answering: Self.large) { server in
            let client = try await RawClient.connect(server.port, reads: false)
            try await client.send(Self.head(server, 2) + "{}")
            while account.usedBytes == 0 { await Task.yield() }
            #expect(account.usedBytes <= Self.largeBytes + 1000)
            try await client.startReading()
            while account.usedBytes > 0 { await Task.yield() }
        }
    }

    @Test("A line for which there is no room is skipped like one that is too long")
    func lines() {
        let account = MemoryAccount(budgetBytes: 1_000)
        var framer = LineFramer(maxLineBytes: 1 << 20)
        var held = HeldBytes(account)
        var found: [LineFramer.Output] = []
        for piece in [[UInt8](repeating: 0x61, count: 900), [UInt8](repeating: 0x62, count: 900)] {
            framer.take(piece.span) { found.append($0) }
            if !held.set(framer.heldBytes) {
                framer.skipLine()
                _ = held.set(0)
            }
        }
        framer.take(Array("rest\nnext\n".utf8).span) { found.append($0) }
        #expect(found == [.oversized, .line(Array("next".utf8))])
        #expect(account.usedBytes == 0)
    }
}
