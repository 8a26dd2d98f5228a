import Sessions
import Synchronization
import Testing
import Transports

@Suite(.timeLimit(.minutes(1)))
struct ServerConnectionTests {
    private static func get(_ server: TestServer.Context, _ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: \(server.host)\r\n\(fields)\r\n"
    }

    private static let echoesPath: TestFront.Answering = { request, exchange in
        exchange.answer(HTTPAnswer(status: 200, content: .text, body: Array("[\(request.path)]".utf8)))
    }

    @Test("Pipelined requests are answered in order, at once or later", arguments: [false, true])
    func pipelines(_ isLater: Bool) async throws {
        let answering: TestFront.Answering = { request, exchange in
            guard isLater else { return Self.echoesPath(request, exchange) }
            let box = Confined((request, exchange))
            _ = exchange.loop.schedule(after: .microseconds(10)) { Self.echoesPath(box.value.0, box.value.1) }
        }
        try await TestServer.run(answering: answering) { server in
            let count = 1000
            let client = try await RawClient.connect(server.port)
            try await client.send((0..<count).map { Self.get(server, "/\($0)") }.joined())
            let answer = await client.read { $0.hasSuffix("[/\(count - 1)]") }
            let paths = answer.split(separator: "[").dropFirst().map { $0.prefix { $0 != "]" } }
            #expect(paths == (0..<count).map { "/\($0)" })
            #expect(server.log.received.withLock { $0.count } == count)
        }
    }

    @Test("Close and HTTP/1.0 end the connection after the answer, keep-alive does not")
    func closes() async throws {
        try await TestServer.run(answering: Self.echoesPath) { server in
            let closing = try await RawClient.connect(server.port)
            try await closing.send(Self.get(server, "/a") + Self.get(server, "/b", "Connection: close\r\n"))
            // The server may have closed already.
            try? await closing.send(Self.get(server, "/c"))
            let answer = await closing.readToEnd()
            #expect(answer.hasSuffix("Connection: close\r\n\r\n[/b]"))
            #expect(server.log.received.withLock { $0 } == ["/a ", "/b "])
            let old = try await RawClient.connect(server.port)
            try await old.send("GET /d HTTP/1.0\r\nHost: \(server.host)\r\nConnection: keep-alive\r\n\r\n")
            #expect(await old.read { $0.hasSuffix("[/d]") }.contains("Connection: keep-alive\r\n"))
            try await old.send("GET /e HTTP/1.0\r\nHost: \(server.host)\r\n\r\n")
            #expect(await old.readToEnd().hasSuffix("Connection: close\r\n\r\n[/e]"))
        }
    }

    @Test("HEAD gets the head of the answer alone")
    func answersHead() async throws {
        try await TestServer.run(answering: Self.echoesPath) { server in
            let client = try await RawClient.connect(server.port)
            try await client.send("HEAD /a HTTP/1.1\r\nHost: \(server.host)\r\nConnection: close\r\n\r\n")
            let answer = await client.readToEnd()
            #expect(answer.contains("Content-Length: 4\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n"))
        }
    }

    @Test("An upgrade is ignored and the connection ends with the answer")
    func ignoresUpgrades() async throws {
        try await TestServer.run(answering: Self.echoesPath) { server in
            let client = try await RawClient.connect(server.port)
            try await client.send(Self.get(server, "/a", "Connection: Upgrade\r\nUpgrade: h2c\r\n"))
            // The server may have closed already.
            try? await client.send(Self.get(server, "/b"))
            #expect(await client.readToEnd().hasSuffix("Connection: close\r\n\r\n[/a]"))
        }
    }

    @Test("The absolute form of the own host is taken, and the fields that the gateway reads arrive")
    func readsFields() async throws {
        let seen = Mutex<[String]>([])
        let answering: TestFront.Answering = { request, exchange in
            let fields = request.headers
            let parameters = fields.mcpParameters.map { "\($0.name)=\($0.value)" }
            seen.withLock {
                $0 =
                    [
                        request.path, request.query, fields.sessionID ?? "", fields.protocolVersion ?? "",
                        fields.mcpMethod ?? "", fields.mcpName ?? "", fields.lastEventID ?? "",
                        fields.accept ?? "",
                        fields.contentType ?? "", fields.authorization ?? "",
                    ] + parameters
            }
            exchange.answer(HTTPAnswer(status: 202))
        }
        try await TestServer.run(answering: answering) { server in
            let client = try await RawClient.connect(server.port)
            try await client.send(
                """
                DELETE http://\(server.host)/a/b?c=d?e HTTP/1.1\r
                host: \(server.host)\r
                MCP-SESSION-ID: s \t\r
                mcp-protocol-version:v\r
                Mcp-Method: m\r
                Mcp-Name:   n\r
                Last-Event-Id: l\r
                accept: a/b\r
                Accept: c/d\r
                Content-Type: t/u\r
                authorization: z\r
                Mcp-Param-Region: west\r
                mcp-param-Zone: 2\r
                Connection: close\r
                \r

                """)
            let answer = await client.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 202 Accepted\r\n"))
            #expect(answer.contains("\r\nContent-Length: 0\r\n"))
            let expected = [
                "/a/b", "c=d?e", "s", "v", "m", "n", "l", "a/b, c/d", "t/u", "z", "Region=west", "Zone=2",
            ]
            #expect(seen.withLock { $0 } == expected)
        }
    }

    @Test("A value with a line end in it never becomes a header line")
    func keepsHeadsWhole() async throws {
        let answering: TestFront.Answering = { _, exchange in
            var headers = HTTPAnswer.Headers(callID: "a\r\nX-Evil: 1", sessionID: "good")
            headers.challenge = "b\nX-Evil: 2"
            headers.allow = "POST"
            headers.retryAfterSeconds = 3
            exchange.answer(HTTPAnswer(status: 405, headers: headers, closes: true))
        }
        try await TestServer.run(answering: answering) { server in
            let client = try await RawClient.connect(server.port)
            try await client.send(Self.get(server, "/"))
            let answer = await client.readToEnd()
            #expect(!answer.contains("Evil"))
            #expect(answer.contains("Mcp-Session-Id: good\r\nRetry-After: 3\r\nAllow: POST\r\n"))
        }
    }

    @Test("A client that leaves abandons its request, and answers to it are ignored")
    func abandons() async throws {
        let kept = Confined<[any HTTPExchange]>([])
        let keeping: TestFront.Answering = { _, exchange in kept.value.append(exchange) }
        try await TestServer.run(answering: keeping) { server in
            let client = try await RawClient.connect(server.port)
            try await client.send(Self.get(server, "/a"))
            while server.log.received.withLock({ $0.isEmpty }) { await Task.yield() }
            await client.close()
            while server.log.abandoned.withLock({ $0 }) == 0 { await Task.yield() }
            let exchange = kept.value[0]
            #expect(!exchange.isWritable)
            #expect(exchange.attachment == nil)
            kept.value = []
            let other = try await RawClient.connect(server.port)
            try await other.send(Self.get(server, "/b"))
            while server.log.received.withLock({ $0.count }) < 2 { await Task.yield() }
            let box = Confined(exchange)
            kept.value[0].loop.execute { box.value.answer(HTTPAnswer(status: 500)) }
            kept.value[0].loop.execute { kept.value[0].answer(HTTPAnswer(status: 200, closes: true)) }
            #expect(await other.readToEnd().components(of: "HTTP/1.1 ") == ["200"])
            #expect(server.log.abandoned.withLock { $0 } == 1)
        }
    }

    @Test("Draining closes idle connections and the others after their answers")
    func drains() async throws {
        let kept = Confined<[any HTTPExchange]>([])
        let keeping: TestFront.Answering = { _, exchange in kept.value.append(exchange) }
        try await TestServer.run(loops: 2, answering: keeping) {
            server in
            let idle = try await RawClient.connect(server.port)
            let busy = try await RawClient.connect(server.port)
            try await busy.send(Self.get(server, "/a"))
            while server.log.received.withLock({ $0.isEmpty }) { await Task.yield() }
            while server.listener.connectionCount < 2 { await Task.yield() }
            await server.listener.stopAccepting()
            await server.listener.drain()
            #expect(await idle.readToEnd() == "")
            #expect(server.listener.connectionCount == 1)
            kept.value[0].loop.execute {
                kept.value[0].answer(HTTPAnswer(status: 200, content: .text, body: [0x61]))
            }
            #expect(await busy.readToEnd().hasSuffix("Connection: close\r\n\r\na"))
        }
    }
}
