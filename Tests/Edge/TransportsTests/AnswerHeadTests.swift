import Foundation
import Sessions
import TestSupport
import Testing

@testable import Transports

@Suite(.timeLimit(.minutes(1)))
struct AnswerHeadTests {
    private static func head(_ content: HTTPAnswer.Content, status: Int = 200) async throws
        -> HTTPFetch.Answer
    {
        let answering: TestFront.Answering = { _, exchange in
            exchange.answer(HTTPAnswer(status: status, content: content, body: Array("a".utf8)))
        }
        return try await TestServer.run(answering: answering) { server in
            try await HTTPFetch().get("http://\(server.host)/")
        }
    }

    @Test("A page says what it may load, stands in no frame and tells no referrer")
    func guardsPages() async throws {
        let answer = try await Self.head(.html)
        let policy = try #require(answer.header("Content-Security-Policy"))
        #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "))
        #expect(policy.hasSuffix("frame-ancestors 'none'"))
        #expect(answer.header("Referrer-Policy") == "no-referrer")
    }

    @Test(
        "No answer's type may be guessed, and each has a date",
        arguments: [HTTPAnswer.Content.none, .json, .text, .html, .svg], [200, 404])
    func guardsAll(_ content: HTTPAnswer.Content, _ status: Int) async throws {
        let before = Int(Date().timeIntervalSince1970)
        let answer = try await Self.head(content, status: status)
        let after = Int(Date().timeIntervalSince1970)
        #expect(answer.header("X-Content-Type-Options") == "nosniff")
        // The line is made once a second, so a late tick leaves one of a second before.
        let date = try #require(answer.header("Date"))
        #expect((before - 5...after).contains { HTTPDate.text($0) == date }, "\(date)")
    }

    @Test("An event stream's head has them too")
    func guardsStreams() async throws {
        let answering: TestFront.Answering = { _, exchange in
            exchange.beginStream(HTTPAnswer.Headers())
            exchange.endStream()
        }
        try await TestServer.run(answering: answering) { server in
            let answer = try await HTTPFetch().get("http://\(server.host)/")
            #expect(answer.header("X-Content-Type-Options") == "nosniff")
            #expect(answer.header("Date")?.hasSuffix(" GMT") == true)
        }
    }

    @Test("Dates are those that Foundation writes, leap days and ends of years included")
    func writesDates() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        let edges = [0, 951_782_399, 951_782_400, 951_868_800, 4_107_542_399, 4_107_542_400, 1_735_689_599]
        for second in edges + (0..<1000).map({ _ in Int.random(in: 0...7_000_000_000, using: &generator) }) {
            let date = Date(timeIntervalSince1970: TimeInterval(second))
            #expect(HTTPDate.text(second) == formatter.string(from: date), "seed \(seed)")
        }
    }
}
