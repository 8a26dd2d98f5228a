import Sessions
import Testing
import Transports

@Suite(.timeLimit(.minutes(1)))
struct HTTPFetchTests {
    @Test("An answer comes with its status, fields and body")
    func fetches() async throws {
        let answering: TestFront.Answering = { request, exchange in
            exchange.answer(
                HTTPAnswer(
                    status: request.verb == .post ? 201 : 404, headers: .init(callID: "c7"), content: .json,
                    body: request.body + [0x0A]))
        }
        try await TestServer.run(answering: answering) { server in
            let fetch = HTTPFetch()
            let posted = try await fetch.post("http://\(server.host)/a", body: Array("{}".utf8))
            #expect(posted.status == 201)
            #expect(posted.header("attune-call-id") == "c7")
            #expect(posted.body == Array("{}\n".utf8))
            #expect(try await fetch.get("http://\(server.host)/a").status == 404)
            #expect(server.log.received.withLock { $0 } == ["/a {}", "/a "])
        }
    }

    @Test("The lines of a stream come one by one and end with it")
    func streams() async throws {
        let answering: TestFront.Answering = { _, exchange in
            exchange.beginStream(HTTPAnswer.Headers())
            for number in 0..<5 {
                exchange.event(name: nil, id: nil, retryMilliseconds: nil, data: Array("\(number)".utf8))
            }
            exchange.endStream()
        }
        try await TestServer.run(answering: answering) { server in
            let (status, lines) = try await HTTPFetch().lines("http://\(server.host)/events")
            var all: [String] = []
            for try await line in lines { all.append(String(decoding: line, as: UTF8.self)) }
            #expect(status == 200)
            #expect(all == (0..<5).map { "data: \($0)" })
        }
    }

    @Test("Silence, a broken answer and a large one are told apart")
    func failsWithAServer() async throws {
        func url(_ server: RawServer) -> String { "http://127.0.0.1:\(server.port)/" }
        let silent = try await RawServer.start { _ in [] }
        let short = Duration.milliseconds(50)
        await #expect(throws: HTTPFetch.Failure.timedOut(short)) {
            try await HTTPFetch(timeout: short).get(url(silent))
        }
        let breaking = try await RawServer.start { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), .close]
        }
        await #expect {
            try await HTTPFetch().get(url(breaking))
        } throws: { error in
            if case .broken = error as? HTTPFetch.Failure { true } else { false }
        }
        let large = try await RawServer.start { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{       }")]
        }
        await #expect(throws: HTTPFetch.Failure.tooLarge(bytes: 9)) {
            try await HTTPFetch(maxBodyBytes: 8).get(url(large))
        }
        for server in [silent, breaking, large] { await server.stop() }
    }

    @Test("Nobody listening is unreachable, and other schemes are no addresses")
    func failsWithoutAServer() async throws {
        let server = try await RawServer.start { _ in [] }
        await server.stop()
        await #expect(throws: HTTPFetch.Failure.unreachable("connection refused")) {
            try await HTTPFetch().get("http://127.0.0.1:\(server.port)/")
        }
        await #expect(throws: HTTPFetch.Failure.badURL("schemeNotSupported(\"wss\")")) {
            try await HTTPFetch().get("wss://a/")
        }
    }
}
