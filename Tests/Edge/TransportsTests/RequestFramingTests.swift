import Sessions
import Testing
import Transports

/// Requests that two parsers could read differently; `HOST` stands for the allowed host.
struct BadRequest: Sendable, CustomTestStringConvertible {
    let name: String
    let raw: String
    let statuses: [Int]

    var testDescription: String { name }

    init(_ name: String, _ raw: String, _ statuses: Int...) {
        self.name = name
        self.raw = raw
        self.statuses = statuses
    }

    static let all: [BadRequest] = [
        .init("two lengths", head("Content-Length: 2\r\nContent-Length: 2") + "{}", 400),
        .init("two different lengths", head("Content-Length: 2\r\nContent-Length: 30") + "{}", 400),
        .init("a list of lengths", head("Content-Length: 2, 2") + "{}", 400),
        .init("a signed length", head("Content-Length: +2") + "{}", 400),
        .init("a negative length", head("Content-Length: -2") + "{}", 400),
        .init("a hexadecimal length", head("Content-Length: 0x2") + "{}", 400),
        .init("an empty length", head("Content-Length: ") + "{}", 400),
        .init("a length beyond 64 bits", head("Content-Length: 99999999999999999999999") + "{}", 400, 413),
        .init(
            "length and coding", head("Content-Length: 2\r\nTransfer-Encoding: chunked") + "0\r\n\r\n", 400),
        .init(
            "coding and length", head("Transfer-Encoding: chunked\r\nContent-Length: 2") + "0\r\n\r\n", 400),
        .init(
            "two codings", head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked") + "0\r\n\r\n", 400
        ),
        .init("an unknown coding", head("Transfer-Encoding: gzip") + "0\r\n\r\n", 400, 501),
        .init("an unknown coding before", head("Transfer-Encoding: gzip, chunked") + "0\r\n\r\n", 400, 501),
        .init("a coding after", head("Transfer-Encoding: chunked, identity") + "0\r\n\r\n", 400, 501),
        .init("a coding with a tab", head("Transfer-Encoding:\u{b}chunked") + "0\r\n\r\n", 400, 501),
        .init("identity", head("Transfer-Encoding: identity") + "{}", 400, 501),
        .init(
            "a coding on HTTP/1.0",
            "POST /mcp HTTP/1.0\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        .init("a space before the colon", head("Content-Length : 2") + "{}", 400),
        .init("a space before the name", head(" X-Field: 2\r\nContent-Length: 0"), 400),
        .init("a folded line", head("X-Field: a\r\n b\r\nContent-Length: 0"), 400),
        .init("a folded coding", head("Transfer-Encoding:\r\n chunked") + "0\r\n\r\n", 400, 501),
        .init("a bare LF", "POST /mcp HTTP/1.1\nHost: HOST\nContent-Length: 0\n\n", 400),
        .init("a bare LF inside", head("X-Field: a\nContent-Length: 0"), 400),
        .init("a bare CR in a value", head("X-Field: a\rb\r\nContent-Length: 0"), 400),
        .init("a NUL in a value", head("X-Field: a\0b\r\nContent-Length: 0"), 400),
        .init("a name that is not a token", head("X(Field): a\r\nContent-Length: 0"), 400),
        .init("an empty name", head(": a\r\nContent-Length: 0"), 400),
        .init("a line without a colon", head("X-Field\r\nContent-Length: 0"), 400),
        .init("no Host", "POST /mcp HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 400),
        .init("no Host on HTTP/1.0", "POST /mcp HTTP/1.0\r\nContent-Length: 0\r\n\r\n", 400),
        .init("two Hosts", head("Host: HOST\r\nContent-Length: 0"), 400),
        .init("two different Hosts", head("Host: evil.example\r\nContent-Length: 0"), 400),
        .init("two sessions", head("Mcp-Session-Id: a\r\nMcp-Session-Id: b\r\nContent-Length: 0"), 400),
        .init(
            "two versions", head("MCP-Protocol-Version: a\r\nMcp-Protocol-Version: a\r\nContent-Length: 0"),
            400),
        .init("two methods", head("Mcp-Method: a\r\nMcp-Method: b\r\nContent-Length: 0"), 400),
        .init("two names", head("Mcp-Name: a\r\nmcp-name: b\r\nContent-Length: 0"), 400),
        .init("two parameters", head("Mcp-Param-Key: a\r\nmcp-param-key: b\r\nContent-Length: 0"), 400),
        .init("two content types", head("Content-Type: a/b\r\nContent-Type: a/b\r\nContent-Length: 0"), 400),
        .init("two authorizations", head("Authorization: a\r\nAuthorization: b\r\nContent-Length: 0"), 400),
        .init("two origins", head("Origin: http://HOST\r\nOrigin: http://HOST\r\nContent-Length: 0"), 400),
        .init("an unknown expectation", head("Expect: tea\r\nContent-Length: 0"), 417),
        .init("a bad chunk size", head("Transfer-Encoding: chunked") + "z\r\n{}\r\n0\r\n\r\n", 400),
        .init("a negative chunk size", head("Transfer-Encoding: chunked") + "-2\r\n{}\r\n0\r\n\r\n", 400),
        .init("a prefixed chunk size", head("Transfer-Encoding: chunked") + "0x2\r\n{}\r\n0\r\n\r\n", 400),
        .init(
            "a chunk size beyond 64 bits",
            head("Transfer-Encoding: chunked") + "fffffffffffffffffff\r\n{}\r\n0\r\n\r\n", 400, 413),
        .init(
            "a chunk longer than its size", head("Transfer-Encoding: chunked") + "1\r\n{}\r\n0\r\n\r\n", 400),
        .init("a chunk without its end", head("Transfer-Encoding: chunked") + "2\r\n{}0\r\n\r\n", 400),
        .init("a chunk with a bare LF", head("Transfer-Encoding: chunked") + "2\n{}\r\n0\r\n\r\n", 400),
        .init(
            "another host in the target", "GET http://evil.example/mcp HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
        .init("another scheme in the target", "GET https://HOST/mcp HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
        .init("user information in the target", "GET http://a@HOST/mcp HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
        .init("the asterisk form", "OPTIONS * HTTP/1.1\r\nHost: HOST\r\n\r\n", 400, 404),
        .init("the authority form", "GET HOST HTTP/1.1\r\nHost: HOST\r\n\r\n", 400, 404),
        .init("a relative target", "GET mcp HTTP/1.1\r\nHost: HOST\r\n\r\n", 400, 404),
        .init("a fragment", "GET /mcp#a HTTP/1.1\r\nHost: HOST\r\n\r\n", 400, 404),
        .init("a space in the target", "GET /m cp HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
        .init("CONNECT", "CONNECT HOST HTTP/1.1\r\nHost: HOST\r\n\r\n", 400, 405, 501),
        .init("TRACE", "TRACE /mcp HTTP/1.1\r\nHost: HOST\r\n\r\n", 405, 501),
        .init("an unknown method", "P\u{f6}ST /mcp HTTP/1.1\r\nHost: HOST\r\n\r\n", 400),
        .init("HTTP/0.9", "GET /mcp\r\n\r\n", 400, 505),
        .init("HTTP/1.2", "GET /mcp HTTP/1.2\r\nHost: HOST\r\n\r\n", 400, 505),
        .init("HTTP/2.0", "GET /mcp HTTP/2.0\r\nHost: HOST\r\n\r\n", 400, 505),
        .init("HTTP/3.5", "GET /mcp HTTP/3.5\r\nHost: HOST\r\n\r\n", 400, 505),
        .init("the HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, 405, 505),
        .init("a TLS hello", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}", 400),
        .init("no request at all", "tea please\r\n\r\n", 400, 405, 505),
    ]

    private static func head(_ fields: String) -> String {
        "POST /mcp HTTP/1.1\r\nHost: HOST\r\n\(fields)\r\n\r\n"
    }
}

@Suite(.timeLimit(.minutes(2)))
struct RequestFramingTests {
    @Test(
        "Ambiguous framing is refused, the connection closes and nothing reaches the front",
        arguments: BadRequest.all)
    func refusesAmbiguousFraming(_ request: BadRequest) async throws {
        try await TestServer.run { server in
            let client = try await RawClient.connect(server.port)
            let smuggled = "POST /smuggled HTTP/1.1\r\nHost: \(server.host)\r\nContent-Length: 0\r\n\r\n"
            try await client.send(request.raw.replacing("HOST", with: server.host) + smuggled)
            let answer = await client.readToEnd()
            #expect(request.statuses.contains { answer.hasPrefix("HTTP/1.1 \($0) ") }, "\(answer.prefix(80))")
            #expect(answer.contains("Connection: close\r\n"))
            #expect(answer.contains(#""id":null"#))
            #expect(server.log.received.withLock { $0 } == [])
        }
    }

    @Test("A refused peer that goes on sending loses the connection")
    func closesWhileThePeerSends() async throws {
        try await TestServer.run { server in
            let client = try await RawClient.connect(server.port)
            try await client.send("POST /mcp HTTP/1.1\r\nContent-Length: 5\r\n\r\n")
            let sending = Task {
                do { while true { try await client.send(String(repeating: "x", count: 4096)) } } catch {}
            }
            let answer = await client.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
            await sending.value
        }
    }

    @Test("A bad request behind a good one is refused after the good one's answer")
    func refusesInOrder() async throws {
        try await TestServer.run { server in
            let client = try await RawClient.connect(server.port)
            let good = "POST /good HTTP/1.1\r\nHost: \(server.host)\r\nContent-Length: 2\r\n\r\n{}"
            try await client.send(good + "POST /bad HTTP/1.1\r\nContent-Length: 0\r\n\r\n" + good)
            let answer = await client.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.components(of: "HTTP/1.1 ") == ["200", "400"])
            #expect(server.log.received.withLock { $0 } == ["/good {}"])
        }
    }

    @Test(
        "A whole request is read the same way wherever the network cuts it",
        arguments: [
            "Content-Length: 7\r\n\r\n{\"a\":1}",
            "Transfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4;x=y\r\n\":1}\r\n0\r\nT: v\r\n\r\n",
        ])
    func readsPieces(_ rest: String) async throws {
        try await TestServer.run { server in
            let bytes = Array("POST /mcp?q=1 HTTP/1.1\r\nHost: \(server.host)\r\nMcp-Name: n\r\n\(rest)".utf8)
            let client = try await RawClient.connect(server.port)
            for cut in 1..<bytes.count {
                try await client.send(Array(bytes[..<cut]))
                try await client.send(Array(bytes[cut...]))
                let answer = await client.read {
                    $0.components(of: "HTTP/1.1 ").count == cut && $0.hasSuffix("}")
                }
                #expect(answer.hasSuffix("\r\n\r\n{\"a\":1}"))
            }
            let expected = [String](repeating: "/mcp {\"a\":1}", count: bytes.count - 1)
            #expect(server.log.received.withLock { $0 } == expected)
        }
    }
}

extension String {
    /// The word after each occurrence of a text.
    func components(of mark: String) -> [String] {
        split(separator: mark, omittingEmptySubsequences: true)
            .filter { $0.first?.isNumber == true }.map { String($0.prefix { $0 != " " }) }
    }
}
