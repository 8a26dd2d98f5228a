import TestSupport
import Testing

@testable import Transports

struct EventStreamParserTests {
    typealias Event = EventStreamParser.Event

    private static func parse(_ pieces: [[UInt8]], maxEventBytes: Int = 10_000) throws -> [Event] {
        var parser = EventStreamParser(maxEventBytes: maxEventBytes)
        var events: [Event] = []
        for piece in pieces { try parser.parse(piece.span) { events.append($0) } }
        return events
    }

    private static func event(_ data: String, _ id: String? = nil) -> Event {
        Event(data: Array(data.utf8), id: id)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let events: [String]
    }

    static let cases: [Case] = [
        Case(testDescription: "one event", text: "data: a\n\n", events: ["a"]),
        Case(testDescription: "no blank after the colon", text: "data:a\n\n", events: ["a"]),
        Case(testDescription: "one blank is dropped, not two", text: "data:  a\n\n", events: [" a"]),
        Case(testDescription: "several lines", text: "data: a\ndata\ndata: b\n\n", events: ["a\n\nb"]),
        Case(testDescription: "CR LF", text: "data: a\r\ndata: b\r\n\r\n", events: ["a\nb"]),
        Case(testDescription: "CR", text: "data: a\rdata: b\r\r", events: ["a\nb"]),
        Case(testDescription: "mixed ends", text: "data: a\r\n\ndata: b\n\r\n", events: ["a", "b"]),
        Case(testDescription: "a byte-order mark", text: "\u{FEFF}data: a\n\n", events: ["a"]),
        Case(testDescription: "a second byte-order mark", text: "\u{FEFF}\u{FEFF}data: a\n\n", events: []),
        Case(testDescription: "comments", text: ": hello\n:\ndata: a\n: b\n\n", events: ["a"]),
        Case(
            testDescription: "unknown fields", text: "event: message\nfoo: b\ndata: a\nbar\n\n", events: ["a"]
        ),
        Case(testDescription: "names have case", text: "Data: a\nDATA: b\n\n", events: []),
        Case(testDescription: "a longer name", text: "database: a\n\n", events: []),
        Case(testDescription: "an event without data", text: "event: x\n\ndata: a\n\n", events: ["a"]),
        Case(testDescription: "an event with empty data", text: "id: 1\ndata:\n\n", events: [""]),
        Case(testDescription: "an event cut off", text: "data: a\n\ndata: b\n", events: ["a"]),
        Case(testDescription: "colons in the data", text: "data: a: b\n\n", events: ["a: b"]),
        Case(testDescription: "nothing", text: "", events: []),
        Case(testDescription: "empty lines", text: "\n\n\r\n\r\r\n", events: []),
        Case(
            testDescription: "text of all kinds", text: "data: \u{1F600}\u{0} \u{7F}\n\n",
            events: ["\u{1F600}\u{0} \u{7F}"]),
    ]

    @Test("Streams are read as the standard says, wherever they are cut", arguments: cases)
    func reads(_ one: Case) throws {
        let bytes = Array(one.text.utf8)
        #expect(try Self.parse([bytes]).map { String(decoding: $0.data, as: UTF8.self) } == one.events)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let events = try Self.parse(bytes.cut(at: [first, second]))
                #expect(events.map { String(decoding: $0.data, as: UTF8.self) } == one.events)
            }
        }
    }

    @Test("Ids stay with the event that sets them; one with NUL is ignored")
    func readsIDs() throws {
        let events = try Self.parse([
            Array("id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\nid: x\0\ndata: d\n\n".utf8)
        ])
        #expect(events == [Self.event("a", "1"), Self.event("b"), Self.event("c", ""), Self.event("d")])
    }

    @Test("The last valid retry is kept")
    func readsRetry() throws {
        var parser = EventStreamParser(maxEventBytes: 100)
        let text = Array("retry: 20\nretry: -1\nretry: 1e3\nretry:\nretry: 99999999999999999999\n\n".utf8)
        try parser.parse(text.span) { _ in }
        #expect(parser.retryMilliseconds == 20)
    }

    @Test("An event over the limit is refused as soon as it is known to be, in one line or many")
    func limitsEvents() throws {
        let line = [UInt8]("data: ".utf8) + [UInt8](repeating: 0x61, count: 101)
        #expect(throws: EventStreamParser.Failure.eventTooLarge) {
            try Self.parse(line.map { [$0] } + [Array("aaaaaaa".utf8)], maxEventBytes: 100)
        }
        let lines = [UInt8](String(repeating: "data: 012345678\n", count: 11).utf8)
        #expect(throws: EventStreamParser.Failure.eventTooLarge) {
            try Self.parse([lines], maxEventBytes: 100)
        }
        let fits = [UInt8]("data: ".utf8) + [UInt8](repeating: 0x61, count: 100) + [0x0A, 0x0A]
        #expect(try Self.parse([fits], maxEventBytes: 100).count == 1)
        #expect(try Self.parse([fits, fits, fits], maxEventBytes: 100).count == 3)
    }

    @Test("Random streams give the same events whole and in random pieces")
    func readsRandomPieces() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let words = [
            "data", "id", "retry", "event", ":", ": ", "\n", "\r", "\r\n", "\n\n", "a", "7", "\u{FEFF}", "\0",
            "é",
        ]
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                words.randomElement(using: &random) ?? ""
            }
            let bytes = Array(text.joined().utf8)
            let whole = try Self.parse([bytes])
            let places = (0..<5).map { _ in Int.random(in: 0...bytes.count, using: &random) }
            #expect(try Self.parse(bytes.cut(at: places)) == whole)
            #expect(try Self.parse(bytes.map { [$0] }) == whole)
        }
    }

    @Test("Random bytes never trap")
    func survivesRandomBytes() {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = try? Self.parse([bytes, bytes], maxEventBytes: Int.random(in: 0...100, using: &random))
        }
    }
}
