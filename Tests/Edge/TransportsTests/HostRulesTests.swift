import Sessions
import Testing
import Transports

@Suite(.timeLimit(.minutes(1)))
struct HostRulesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let host: String
        let origin: String?
        let status: String
        var testDescription: String { "\(host) from \(origin ?? "no origin")" }
    }

    static let cases: [Case] = [
        Case(host: "127.0.0.1:PORT", origin: nil, status: "200"),
        Case(host: "localhost:PORT", origin: nil, status: "200"),
        Case(host: "LocalHost:PORT", origin: nil, status: "200"),
        Case(host: "127.0.0.1", origin: nil, status: "403"),
        Case(host: "127.0.0.1:1", origin: nil, status: "403"),
        Case(host: "127.0.0.1:PORT.evil.example", origin: nil, status: "403"),
        Case(host: "evil.example:PORT", origin: nil, status: "403"),
        Case(host: "", origin: nil, status: "403"),
        Case(host: "gateway.example", origin: nil, status: "200"),
        Case(host: "gateway.example:PORT", origin: nil, status: "200"),
        Case(host: "gateway.example:81", origin: nil, status: "403"),
        Case(host: "other.example:8080", origin: nil, status: "200"),
        Case(host: "other.example:PORT", origin: nil, status: "403"),
        Case(host: "127.0.0.1:PORT", origin: "http://127.0.0.1:PORT", status: "200"),
        Case(host: "127.0.0.1:PORT", origin: "http://localhost:PORT", status: "200"),
        Case(host: "127.0.0.1:PORT", origin: "https://127.0.0.1:PORT", status: "403"),
        Case(host: "127.0.0.1:PORT", origin: "http://127.0.0.1", status: "403"),
        Case(host: "127.0.0.1:PORT", origin: "http://evil.example", status: "403"),
        Case(host: "127.0.0.1:PORT", origin: "null", status: "403"),
        Case(host: "127.0.0.1:PORT", origin: "", status: "403"),
        Case(host: "127.0.0.1:PORT", origin: "https://app.example", status: "200"),
        Case(host: "evil.example", origin: "https://app.example", status: "403"),
    ]

    @Test("Only allowed Hosts and Origins reach the front", arguments: cases)
    func matrix(_ one: Case) async throws {
        try await TestServer.run(
            allowedHosts: ["gateway.example", "other.example:8080"], allowedOrigins: ["https://app.example"]
        ) { server in
            func fill(_ text: String) -> String { text.replacing("PORT", with: "\(server.port)") }
            let origin = one.origin.map { "Origin: \(fill($0))\r\n" } ?? ""
            let client = try await RawClient.connect(server.port)
            try await client.send(
                "GET /mcp HTTP/1.1\r\nHost: \(fill(one.host))\r\n\(origin)Connection: close\r\n\r\n")
            let answer = await client.readToEnd()
            #expect(answer.components(of: "HTTP/1.1 ") == [one.status])
            #expect(server.log.received.withLock { $0.isEmpty } == (one.status != "200"))
        }
    }

    @Test("Who names another Host or Origin is told of, with the path but not the query, and nobody else is")
    func tells() async throws {
        try await TestServer.run { server in
            let host = "Host: \(server.host)\r\n"
            let long = String(repeating: "x", count: 5000)
            for fields in [
                "Host: evil.example\r\n", "\(host)Origin: http://evil.example\r\n", host,
                "Host: \(long)\r\n", "Host: a\r\nHost: b\r\n",
            ] {
                let client = try await RawClient.connect(server.port)
                try await client.send("GET /mcp?key=secret HTTP/1.1\r\n\(fields)Connection: close\r\n\r\n")
                _ = await client.readToEnd()
            }
            let told = server.foreign.requests.withLock { $0 }
            #expect(told.map(\.path) == ["/mcp", "/mcp", "/mcp"])
            #expect(told.allSatisfy { $0.status == 403 && !$0.reason.contains("secret") })
            #expect(told[0].reason.hasSuffix("allowed_hosts: evil.example"))
            #expect(told[1].reason.hasSuffix("allowed_origins: http://evil.example"))
            #expect(told[2].reason.utf8.count < 400)
        }
    }

    @Test("New rules hold for connections that are open")
    func replacesRules() async throws {
        try await TestServer.run { server in
            let request = "GET /mcp HTTP/1.1\r\nHost: late.example\r\nConnection: close\r\n\r\n"
            let early = try await RawClient.connect(server.port)
            let late = try await RawClient.connect(server.port)
            try await early.send(request)
            #expect(await early.readToEnd().hasPrefix("HTTP/1.1 403 "))
            try await server.listener.allow(hosts: ["late.example"], origins: [])
            try await late.send(request)
            #expect(await late.readToEnd().hasPrefix("HTTP/1.1 200 "))
        }
    }
}
