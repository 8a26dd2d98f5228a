import Identifiers
import Testing

@testable import Routing

struct AdviceBookTests {
    private let slow = Advice(
        deadlineMilliseconds: 60_000, concurrencyLimit: 2, queueBound: 8, maxAttempts: 1)

    @Test("The configured numbers of a server are its advice, and name the configuration as their reason")
    func configured() {
        let book = AdviceBook.fixed(version: 3, [ServerID(1): slow])
        #expect(book.version == 3)
        #expect(book.entry(ServerID(1)) == AdviceBook.Entry(slow, .configuration))
        #expect(book.entry(ServerID(1), tool: "any").advice == slow)
    }

    @Test("A server of which nothing is said has the defaults")
    func fallback() {
        let entry = AdviceBook.fixed(version: 1, [:]).entry(ServerID(9), tool: "any")
        #expect(entry.advice == .standard)
        #expect(entry.reason.rawValue == "default")
    }

    @Test("A tool's own advice goes before its server's")
    func tool() {
        var book = AdviceBook.fixed(version: 1, [ServerID(1): .standard])
        book.set(AdviceBook.Entry(slow, .learned), ServerID(1), tool: "query")
        #expect(book.entry(ServerID(1), tool: "query") == AdviceBook.Entry(slow, .learned))
        #expect(book.entry(ServerID(1), tool: "other").reason == .configuration)
        #expect(book.entry(ServerID(2), tool: "query").reason == .standard)
    }

    @Test("Numbers outside their range are brought into it")
    func clamped() {
        let advice = Advice(deadlineMilliseconds: -1, concurrencyLimit: 0, queueBound: -7, maxAttempts: 0)
        #expect(advice == Advice(deadlineMilliseconds: 1, concurrencyLimit: 1, queueBound: 0, maxAttempts: 1))
    }
}
