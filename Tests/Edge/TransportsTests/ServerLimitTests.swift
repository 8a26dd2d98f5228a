import Sessions
import Synchronization
import Testing
import Transports

@Suite(.timeLimit(.minutes(1)))
struct ServerLimitTests {
    private static func limits(_ change: (inout HTTPServerLimits) -> Void) -> HTTPServerLimits {
        var limits = HTTPServerLimits()
        limits.maxBodyBytes = 1000
        change(&limits)
        return limits
    }

    private static func post(_ server: TestServer.Context, _ fields: String, _ body: String = "") -> String {
        "POST /mcp HTTP/1.1\r\nHost: \(server.host)\r\n\(fields)\r\n\r\n\(body)"
    }

    @Test("A declared length over the limit is refused before the body comes")
    func refusesDeclaredLength() async throws {
        try await TestServer.run(limits: Self.limits { _ in }) { server in
            let client = try await RawClient.connect(server.port)
            try await client.send(Self.post(server, "Content-Length: 1001"))
            let answer = await client.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 413 Content Too Large\r\n"))
            #expect(answer.contains(#""code":1005"#))
            #expect(server.log.received.withLock { $0.isEmpty })
        }
    }

    @Test("A chunked body over the limit is refused, one at the limit is taken")
    func limitsChunks() async throws {
        try await TestServer.run(limits: Self.limits { _ in }) { server in
            let chunk = "1f4\r\n\(String(repeating: "a", count: 500))\r\n"
            let client = try await RawClient.connect(server.port)
            try await client.send(
                Self.post(server, "Transfer-Encoding: chunked", "\(chunk)\(chunk)0\r\n\r\n"))
            #expect(await client.read { $0.hasSuffix("aaa") }.hasPrefix("HTTP/1.1 200 "))
            try await client.send(
                Self.post(server, "Transfer-Encoding: chunked", "\(chunk)\(chunk)1\r\nb\r\n0\r\n\r\n"))
            #expect(await client.readToEnd().components(of: "HTTP/1.1 ") == ["200", "413"])
        }
    }

    @Test("Heads over a limit are refused with 431", arguments: ["long", "many", "large"])
    func limitsHeads(_ kind: String) async throws {
        let fields =
            switch kind {
            case "long": "X-Long: \(String(repeating: "a", count: 20_000))"
            case "many": (0..<101).map { "X-\($0): a" }.joined(separator: "\r\n")
            default:
                (0..<40).map { "X-\($0): \(String(repeating: "a", count: 1000))" }.joined(separator: "\r\n")
            }
        try await TestServer.run { server in
            let client = try await RawClient.connect(server.port)
            try await client.send(Self.post(server, "\(fields)\r\nContent-Length: 0"))
            #expect(await client.readToEnd().hasPrefix("HTTP/1.1 431 "))
            #expect(server.log.received.withLock { $0.isEmpty })
        }
    }

    @Test("A target over the limit is refused")
    func limitsTarget() async throws {
        try await TestServer.run { server in
            let client = try await RawClient.connect(server.port)
            let target = String(repeating: "a", count: 20_000)
            try await client.send("GET /\(target) HTTP/1.1\r\nHost: \(server.host)\r\n\r\n")
            #expect(await client.readToEnd().hasPrefix("HTTP/1.1 431 "))
        }
    }

    @Test("A connection over the limit gets 503, and a place that is free again is given away")
    func limitsConnections() async throws {
        try await TestServer.run(limits: Self.limits { $0.maxConnections = 2 }) { server in
            let request = Self.post(server, "Content-Length: 2", "{}")
            let first = try await RawClient.connect(server.port)
            let second = try await RawClient.connect(server.port)
            for client in [first, second] {
                try await client.send(request)
                #expect(await client.read { $0.hasSuffix("{}") }.hasPrefix("HTTP/1.1 200 "))
            }
            #expect(server.listener.connectionCount == 2)
            let third = try await RawClient.connect(server.port)
            #expect(await third.readToEnd().hasPrefix("HTTP/1.1 503 "))
            await first.close()
            while server.listener.connectionCount > 1 { await Task.yield() }
            let fourth = try await RawClient.connect(server.port)
            try await fourth.send(request)
            #expect(await fourth.read { $0.hasSuffix("{}") }.hasPrefix("HTTP/1.1 200 "))
            #expect(server.listener.refusals == [503: 1])
        }
    }

    @Test(
        "A peer that is too slow is refused or closed",
        arguments: ["head", "body", "nothing"])
    func limitsTime(_ kind: String) async throws {
        let beginning =
            switch kind {
            case "head": "POST /mcp HT"
            case "body": "POST /mcp HTTP/1.1\r\nHost: HOST\r\nContent-Length: 2\r\n\r\n{"
            default: ""
            }
        let limits = Self.limits {
            switch kind {
            case "head": $0.headSeconds = 0
            case "body": $0.bodySeconds = 0
            default: $0.idleSeconds = 0
            }
        }
        try await TestServer.run(limits: limits) { server in
            let client = try await RawClient.connect(server.port)
            if !beginning.isEmpty { try await client.send(beginning.replacing("HOST", with: server.host)) }
            let answer = await client.readToEnd()
            #expect(answer.components(of: "HTTP/1.1 ") == (beginning.isEmpty ? [] : ["408"]))
            #expect(server.log.received.withLock { $0.isEmpty })
        }
    }

    @Test("A client that waits for 100 gets it once the head is accepted, and never if it is refused")
    func expectsContinue() async throws {
        try await TestServer.run(limits: Self.limits { _ in }) { server in
            let client = try await RawClient.connect(server.port)
            try await client.send(Self.post(server, "Expect: 100-Continue\r\nContent-Length: 2"))
            #expect(await client.read { $0.hasSuffix("\r\n\r\n") } == "HTTP/1.1 100 Continue\r\n\r\n")
            try await client.send("{}")
            #expect(await client.read { $0.hasSuffix("{}") }.contains("HTTP/1.1 200 OK\r\n"))
            try await client.send(Self.post(server, "Expect: 100-continue\r\nContent-Length: 1001"))
            #expect(await client.readToEnd().components(of: "HTTP/1.1 ") == ["100", "200", "413"])
        }
    }
}
