import Sessions
import Synchronization
import Testing
import Transports

@Suite(.timeLimit(.minutes(1)))
struct HTTPClientPoolTests {
    /// What the server does for the n-th request.
    private struct Script: Sendable {
        let steps: @Sendable (Int) -> [RawServer.Step]

        init(_ steps: @escaping @Sendable (Int) -> [RawServer.Step]) { self.steps = steps }
    }

    private static func json(_ body: String, _ fields: String = "") -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\(fields)"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    /// Runs `body` with a pool on a loop of its own and a scripted server.
    private static func run(
        limits: HTTPClientLimits = HTTPClientLimits(), headers: [(name: String, value: String)] = [],
        script: Script,
        _ body: (PoolHandle, RawServer) async throws -> Void
    ) async throws {
        let server = try await RawServer.start(script.steps)
        let loops = EventLoops(count: 1)
        let endpoint = try HTTPEndpoint(url: "http://127.0.0.1:\(server.port)/mcp?a=b", headers: headers)
        let pool = await PoolHandle.make(endpoint, loops, limits)
        try await body(pool, server)
        await pool.retire()
        await server.stop()
        await loops.shutdown()
    }

    @Test("One connection carries request after request, with the prepared and the own fields")
    func reusesConnections() async throws {
        try await Self.run(
            headers: [("Authorization", "Bearer s3cret")],
            script: Script { [.send(Self.json("{\"n\":\($0)}"))] }
        ) {
            pool, server in
            for number in 0..<10 {
                let words = await pool.post("{}", UpstreamHeaders(sessionID: "s1", mcpName: "n")).all()
                #expect(words == ["head 200 json", "message {\"n\":\(number)}", "ended"])
            }
            #expect(server.connections == 1)
            let expected = """
                POST /mcp?a=b HTTP/1.1\r
                Host: 127.0.0.1:\(server.port)\r
                Accept: application/json, text/event-stream\r
                Content-Type: application/json\r
                User-Agent: attune\r
                Authorization: Bearer s3cret\r
                Content-Length: 2\r
                Mcp-Session-Id: s1\r
                Mcp-Name: n\r
                \r
                {}
                """
            #expect(server.requests.allSatisfy { $0 == expected })
        }
    }

    @Test("A value with a line end in it is left out of the request")
    func keepsRequestsWhole() async throws {
        try await Self.run(script: Script { _ in [.send(Self.json("{}"))] }) { pool, server in
            let headers = UpstreamHeaders(
                sessionID: "a\r\nX-Evil: 1", mcpName: "b\nX-Evil: 2",
                mcpParameters: [("Evil:x", "1"), ("Good", "2"), ("Bad", "\r\nX-Evil: 3")])
            _ = await pool.post("{}", headers).all()
            #expect(server.requests.count == 1)
            #expect(!server.requests[0].contains("Evil"))
            #expect(server.requests[0].contains("Mcp-Param-Good: 2\r\n"))
        }
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let steps: [RawServer.Step]
        let words: [String]
        /// The connection serves the next request too.
        let isReused: Bool
    }

    static let stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    static let answers: [Answer] = [
        Answer(
            testDescription: "accepted without a body",
            steps: [.send("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")],
            words: ["head 202 none", "ended"], isReused: true),
        Answer(
            testDescription: "no content", steps: [.send("HTTP/1.1 204 No Content\r\n\r\n")],
            words: ["head 204 none", "ended"], isReused: true),
        Answer(
            testDescription: "an interim answer first",
            steps: [
                .send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n\(json("{}"))")
            ],
            words: ["head 200 json", "message {}", "ended"], isReused: true),
        Answer(
            testDescription: "an error with a body",
            steps: [
                .send("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\ngone")
            ],
            words: ["head 404 other", "message gone", "ended"], isReused: true),
        Answer(
            testDescription: "a session and a retry",
            steps: [.send(json("{}", "MCP-Session-Id: s9\r\nRetry-After: 7\r\n"))],
            words: ["head 200 json session s9 retry 7", "message {}", "ended"], isReused: true),
        Answer(
            testDescription: "chunks",
            steps: [
                .send(
                    "HTTP/1.1 200 OK\r\ncontent-type: Application/JSON\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"
                ),
                .send("1\r\n}\r\n0\r\n\r\n"),
            ],
            words: ["head 200 json", "message {}", "ended"], isReused: true),
        Answer(
            testDescription: "a server that closes after its answer",
            steps: [.send(json("{}", "Connection: close\r\n")), .close],
            words: ["head 200 json", "message {}", "ended"], isReused: false),
        Answer(
            testDescription: "a body that the end of the connection ends",
            steps: [.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}"), .close],
            words: ["head 200 json", "message {}", "ended"], isReused: false),
        Answer(
            testDescription: "an event stream",
            steps: [
                .send("\(stream)Transfer-Encoding: chunked\r\n\r\n"),
                .send("20\r\nid: 1\ndata: a\n\n: note\n\nid: 2\ndat\r\n"),
                .send("d\r\na: b\ndata:c\n\n\r\n0\r\n\r\n"),
            ],
            words: ["head 200 eventStream", "message a id 1", "message b\nc id 2", "ended"], isReused: true),
        Answer(
            testDescription: "an event stream that the end of the connection ends",
            steps: [.send("\(stream)\r\ndata: a\n\ndata: cut off"), .close],
            words: ["head 200 eventStream", "message a", "ended"], isReused: false),
        Answer(
            testDescription: "an event stream that names a pause",
            steps: [.send("\(stream)\r\nretry: 20\ndata: a\n\nretry: x\n\n"), .close],
            words: ["head 200 eventStream", "message a", "retry 20", "ended"], isReused: false),
        Answer(
            testDescription: "no answer", steps: [.close], words: ["failed broken"], isReused: false),
        Answer(
            testDescription: "half an answer",
            steps: [
                .send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"),
                .close,
            ],
            words: ["head 200 json", "failed broken"], isReused: false),
        Answer(
            testDescription: "half an event stream",
            steps: [.send("\(stream)Transfer-Encoding: chunked\r\n\r\n9\r\ndata: a\n\n\r\n"), .close],
            words: ["head 200 eventStream", "message a", "failed broken"], isReused: false),
        Answer(
            testDescription: "not HTTP", steps: [.send("SSH-2.0-OpenSSH\r\n")], words: ["failed malformed"],
            isReused: false),
        Answer(
            testDescription: "two lengths",
            steps: [.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}")],
            words: ["failed malformed"], isReused: false),
        Answer(
            testDescription: "a declared length over the limit",
            steps: [
                .send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2001\r\n\r\n")
            ],
            words: ["failed too large"], isReused: false),
        Answer(
            testDescription: "chunks over the limit",
            steps: [
                .send(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"),
                .send("7d1\r\n\(String(repeating: "a", count: 2001))\r\n"),
            ],
            words: ["head 200 json", "failed too large"], isReused: false),
        Answer(
            testDescription: "an event over the limit",
            steps: [.send("\(stream)\r\ndata: \(String(repeating: "a", count: 2003))")],
            words: ["head 200 eventStream", "failed too large"], isReused: false),
        Answer(
            testDescription: "a second answer that nobody asked for",
            steps: [.send(json("{}") + json("{\"evil\":1}"))],
            words: ["head 200 json", "message {}", "ended"], isReused: false),
    ]

    @Test(
        "Each kind of answer is told as it is, and the connection is used again only if that is safe",
        arguments: answers)
    func hearsAnswers(_ answer: Answer) async throws {
        var limits = HTTPClientLimits()
        limits.maxMessageBytes = 2000
        try await Self.run(
            limits: limits, script: Script { $0 == 0 ? answer.steps : [.send(Self.json("[]"))] }
        ) {
            pool, server in
            #expect(await pool.post("{}").all() == answer.words)
            #expect(await pool.post("{}").all() == ["head 200 json", "message []", "ended"])
            #expect(server.connections == (answer.isReused ? 1 : 2))
        }
    }

    @Test("A connection that the server closes while it is idle is not used again")
    func forgetsClosedConnections() async throws {
        try await Self.run(script: Script { _ in [.send(Self.json("{}")), .close] }) { pool, server in
            for _ in 0..<20 {
                #expect(await pool.post("{}").all() == ["head 200 json", "message {}", "ended"])
                while await pool.openConnections > 0 { await Task.yield() }
            }
            #expect(server.connections == 20)
        }
    }

    @Test("Nobody listening is unreachable, and is not told before post returns")
    func reportsUnreachable() async throws {
        try await Self.run(script: Script { _ in [] }) { pool, server in
            await server.stop()
            let request = await pool.post("{}")
            #expect(await request.all() == ["failed unreachable"])
            #expect(request.observer.reason == "connection refused")
        }
    }

    @Test("Requests beyond the connections wait for one, and beyond the waiting places fail at once")
    func boundsConnections() async throws {
        var limits = HTTPClientLimits()
        limits.maxConnections = 2
        limits.maxWaiting = 3
        try await Self.run(limits: limits, script: Script { $0 < 2 ? [] : [.send(Self.json("{}"))] }) {
            pool, server in
            let first = await pool.post("{}")
            let second = await pool.post("{}")
            while server.requests.count < 2 { await Task.yield() }
            var waiting: [PoolHandle.Request] = []
            for _ in 0..<3 { waiting.append(await pool.post("{}")) }
            #expect((pool.gauge.openCount, pool.gauge.waitingCount) == (2, 3))
            #expect(await pool.post("{}").all() == ["failed no connection free"])
            await pool.cancel(first)
            for request in waiting {
                #expect(await request.all() == ["head 200 json", "message {}", "ended"])
            }
            #expect(await pool.openConnections == 2)
            #expect((pool.gauge.openCount, pool.gauge.waitingCount) == (2, 0))
            await pool.cancel(second)
            #expect(await first.all() == [])
            #expect(await second.all() == [])
        }
    }

    @Test("A request that is given up closes its connection and is not heard of again")
    func cancels() async throws {
        try await Self.run(script: Script { _ in [.send("\(Self.stream)\r\ndata: a\n\n")] }) { pool, server in
            let request = await pool.listen()
            var words = request.observer.words.makeAsyncIterator()
            #expect(await words.next() == "head 200 eventStream")
            #expect(await words.next() == "message a")
            await pool.cancel(request)
            while server.closed == 0 { await Task.yield() }
            #expect(await words.next() == nil)
            #expect(server.requests[0].hasPrefix("GET /mcp?a=b HTTP/1.1\r\n"))
        }
    }

    @Test("A retired pool lets busy connections finish and takes nothing new")
    func retires() async throws {
        try await Self.run(
            script: Script { $0 == 0 ? [.send("\(Self.stream)Content-Length: 9\r\n\r\n")] : [] }
        ) {
            pool, server in
            let busy = await pool.post("{}")
            while server.requests.isEmpty { await Task.yield() }
            await pool.retire()
            #expect(await pool.post("{}").all() == ["failed unreachable"])
            #expect(await pool.openConnections == 1)
            await pool.cancel(busy)
            #expect(await pool.openConnections == 0)
            #expect(pool.gauge.openCount == 0)
        }
    }

    @Test("An answer whose reading is paused holds no other request up, and is whole once it is resumed")
    func pausesReading() async throws {
        let event = "data: \(String(repeating: "a", count: 1000))\n\n"
        let script = Script { number in
            guard number == 0 else { return [.send(Self.json("{}"))] }
            return [.send("\(Self.stream)\r\n")] + (0..<5000).map { _ in .send(event) } + [.close]
        }
        try await Self.run(script: script) { pool, server in
            let request = await pool.listen()
            await pool.pause(request, true)
            while server.requests.isEmpty { await Task.yield() }
            for _ in 0..<10 {
                #expect(await pool.post("{}").all() == ["head 200 json", "message {}", "ended"])
            }
            #expect(!request.observer.hasEnded)
            await pool.pause(request, false)
            let heard = await request.all()
            #expect(heard.count == 5002, "the last was \(heard.last ?? "nothing")")
        }
    }

    @Test(
        "A URL that cannot be an endpoint is refused",
        arguments: [
            "wss://a/mcp", "a/mcp", "http://", "http://:1/", "http://a:0/", "http://a:65536/",
            "http://a:x/",
            "http://u@a/", "http://a/b c", "http://[::1", "http://[::1]x/", "http://a/\u{e9}", "ftp://a",
        ])
    func refusesURLs(_ url: String) {
        #expect(throws: HTTPEndpoint.Problem.self) { try HTTPEndpoint(url: url) }
    }

    @Test("URLs are read as RFC 3986 says")
    func readsURLs() throws {
        let plain = try HTTPEndpoint(url: "HTTP://Example.org")
        #expect((plain.host, plain.port, plain.target) == ("Example.org", 80, "/"))
        let full = try HTTPEndpoint(url: "http://[::1]:8080/a/b?c=d#e")
        #expect((full.host, full.port, full.target) == ("::1", 8080, "/a/b?c=d"))
        #expect(try HTTPEndpoint(url: "http://a?b").target == "/?b")
        #expect(try HTTPEndpoint(url: "https://a/mcp").port == 443)
        #expect(try HTTPEndpoint(url: "HTTPS://a:80/mcp").port == 80)
    }

    @Test(
        "A header field that could change the request's meaning is refused",
        arguments: [("Host", "a"), ("content-length", "1"), ("A b", "c"), ("A", "b\r\nC: d"), ("", "a")])
    func refusesHeaders(_ field: (String, String)) {
        #expect(throws: HTTPEndpoint.Problem.badHeader(name: field.0)) {
            try HTTPEndpoint(url: "http://a/", headers: [(field.0, field.1)])
        }
    }
}
