import Sessions
import Synchronization
import Testing
import Transports

@Suite(.timeLimit(.minutes(1)))
struct EventStreamAnswerTests {
    private static let streams: TestFront.Answering = { _, exchange in
        exchange.beginStream(HTTPAnswer.Headers(callID: "c1"))
        exchange.event(name: "message", id: "7", retryMilliseconds: nil, data: Array(#"{"a":1}"#.utf8))
        exchange.event(
            name: nil, id: "evil\nid: 9", retryMilliseconds: 500, data: Array("a\nb\r\nc\rd\n".utf8))
        exchange.event(name: nil, id: nil, retryMilliseconds: nil, data: [])
        exchange.comment("alive")
        exchange.endStream()
        exchange.event(name: nil, id: nil, retryMilliseconds: nil, data: [0x7A])
    }

    private static let events = [
        "id: 7\nevent: message\ndata: {\"a\":1}\n\n",
        "retry: 500\ndata: a\ndata: b\ndata: c\ndata: d\ndata: \n\n",
        "data: \n\n",
        ": alive\n\n",
    ]

    @Test("Events are framed as the format demands and each is one chunk")
    func framesEvents() async throws {
        try await TestServer.run(answering: Self.streams) { server in
            let client = try await RawClient.connect(server.port)
            try await client.send("GET /sse HTTP/1.1\r\nHost: \(server.host)\r\n\r\n")
            let answer = await client.read { $0.hasSuffix("0\r\n\r\n") }
            let chunks = Self.events.map { event in
                let size = String(event.utf8.count, radix: 16)
                return "\(String(repeating: "0", count: 8 - size.count))\(size)\r\n\(event)\r\n"
            }
            #expect(
                answer.replacing(/Date: [A-Za-z0-9,: ]+ GMT\r\n/, with: "") == """
                    HTTP/1.1 200 OK\r
                    Content-Type: text/event-stream\r
                    Cache-Control: no-cache\r
                    X-Accel-Buffering: no\r
                    X-Content-Type-Options: nosniff\r
                    Transfer-Encoding: chunked\r
                    Attune-Call-Id: c1\r
                    \r
                    \(chunks.joined())0\r
                    \r

                    """)
        }
    }

    @Test("A stream over HTTP/1.0 has no chunks and ends with the connection")
    func streamsWithoutChunks() async throws {
        try await TestServer.run(answering: Self.streams) { server in
            let client = try await RawClient.connect(server.port)
            try await client.send("GET /sse HTTP/1.0\r\nHost: \(server.host)\r\n\r\n")
            let answer = await client.readToEnd()
            #expect(answer.hasSuffix("Connection: close\r\n\r\n\(Self.events.joined())"))
            #expect(!answer.contains("chunked"))
        }
    }

    @Test("A client that does not read stops the writer, and reading goes on where it stopped")
    func holdsWritersBack() async throws {
        var limits = HTTPServerLimits()
        limits.highWaterBytes = 64 * 1024
        let (events, eventBytes) = (20_000, 1000)
        let sent = LockedBytes()
        let answering: TestFront.Answering = { _, exchange in
            exchange.beginStream(HTTPAnswer.Headers())
            let filler = Filler(exchange, events: events, eventBytes: eventBytes, sent: sent)
            exchange.attachment = filler
            filler.fill()
        }
        try await TestServer.run(limits: limits, answering: answering) { server in
            let client = try await RawClient.connect(server.port, reads: false)
            try await client.send("GET /sse HTTP/1.1\r\nHost: \(server.host)\r\n\r\n")
            // Nothing reads, so that the count stands still once the sockets and the water mark are full.
            var count = -1
            while count != sent.count || count == 0 {
                count = sent.count
                for _ in 0..<50 { await Task.yield() }
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(count < events)
            try await client.startReading()
            let answer = await client.read { $0.hasSuffix("\r\n0\r\n\r\n") }
            #expect(answer.utf8.count > events * eventBytes)
            #expect(sent.count == events)
            #expect(server.log.resumed.withLock { $0 } > 0)
        }
    }
}
