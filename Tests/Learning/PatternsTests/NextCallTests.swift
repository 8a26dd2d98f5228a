import Learners
import Patterns
import TestSupport
import Testing

@Suite("The next call of a session") struct NextCallTests {
    private static let sizes = SequenceModel.Sizes(lineBits: 12, rowBits: 6, expertBits: 8, mostSymbols: 64)

    /// A learner with tools `list`, `show` and `close`, in that order.
    private static func learner() -> (NextCall, SequenceVocabulary) {
        var learner = NextCall(sizes: sizes)
        for tool in ["list", "show", "close"] { _ = learner.symbol(server: "s", tool: tool) }
        return (learner, SequenceVocabulary(id: 0, symbols: [0, 1, 2], groups: [0, 0, 0]))
    }

    private static func call(_ symbol: Int, _ arguments: String, _ result: String = "") -> SequenceCall {
        SequenceCall(
            symbol: symbol, arguments: Array(arguments.utf8)[...], result: Array(result.utf8)[...])
    }

    /// Runs sessions and tells how many of the calls after the first `untold` sessions were the first guess.
    private static func hits(_ sessions: [[SequenceCall]], untold: Int) -> (hits: Int, of: Int) {
        var (learner, vocabulary) = learner()
        var (hits, total) = (0, 0)
        for (number, calls) in sessions.enumerated() {
            for call in calls {
                let guess = learner.predict(session: UInt64(number), vocabulary).first
                if number >= untold {
                    total += 1
                    let canonical = CallArguments(call.arguments)?.canonical
                    if guess?.symbol == call.symbol, guess?.arguments == canonical { hits += 1 }
                }
                learner.observe(call, session: UInt64(number), vocabulary)
            }
            learner.end(session: UInt64(number))
        }
        return (hits, total)
    }

    @Test("A value that no session had before is copied from the result that shows it") func copying() {
        var random = SeededGenerator(seed: 1)
        let sessions = (0..<60).map { _ -> [SequenceCall] in
            let id = random.text(from: Array("ABCDEFGH0123456789"), length: 8...8)
            return [
                Self.call(0, "{}", "{\"kind\": \"order\", \"order_id\": \"\(id)\", \"n\": 4}"),
                Self.call(1, "{\"id\": \"\(id)\"}", "shown"),
            ]
        }
        let (hits, total) = Self.hits(sessions, untold: 30)
        #expect((hits, total) == (60, 60))
    }

    @Test("What a list names is shown element by element") func iteration() {
        var random = SeededGenerator(seed: 2)
        let sessions = (0..<80).map { _ -> [SequenceCall] in
            let ids = (0..<4).map { _ in "\(Int.random(in: 1000..<9999, using: &random))" }
            let list = Self.call(0, "{}", "[\(ids.map { "{'id': \($0)}" }.joined(separator: ", "))]")
            return [list] + ids.map { Self.call(1, "{\"id\":\($0)}") }
        }
        let (hits, total) = Self.hits(sessions, untold: 40)
        #expect(Double(hits) / Double(total) > 0.8)
    }

    @Test("An argument of an earlier call is repeated for another tool") func passing() {
        var random = SeededGenerator(seed: 3)
        let sessions = (0..<60).map { _ -> [SequenceCall] in
            let path = "/tmp/" + random.text(from: Array("abcdef"), length: 6...9)
            return [
                Self.call(1, "{\"path\":\"\(path)\",\"deep\":true}"), Self.call(2, "{\"file\":\"\(path)\"}"),
            ]
        }
        let closes = Self.hits(sessions, untold: 30)
        #expect(closes.hits >= 30, "the second call of each, since the first is drawn by chance")
    }

    @Test("Arguments are the same whatever the order of keys and white space") func canonical() throws {
        let texts = [
            "{\"b\":[1, {\"d\":2,\"c\":\"\\u0041\"}],\"a\":1.0}",
            " { \"a\" : 1.0 , \"b\":[1,{\"c\":\"A\",\"d\":2}]}",
        ]
        let read = try texts.map { try #require(CallArguments(Array($0.utf8)[...])).canonical }
        #expect(String(decoding: read[0], as: UTF8.self) == "{\"a\":1.0,\"b\":[1,{\"c\":\"A\",\"d\":2}]}")
        #expect(read[0] == read[1])
    }

    @Test("Arguments beyond the bounds, and what is no object, are none") func bounds() {
        let long = "{\"a\":\"\(String(repeating: "x", count: CallArguments.mostBytes))\"}"
        let deep = String(repeating: "{\"a\":", count: 40) + "1" + String(repeating: "}", count: 40)
        let wide = "{" + (0..<40).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"
        for text in [long, deep, wide, "[1]", "{\"a\":", ""] {
            #expect(CallArguments(Array(text.utf8)[...]) == nil)
        }
    }

    @Test("Results of any bytes are read without harm", arguments: 0..<20 as Range<UInt64>)
    func anyBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var (learner, vocabulary) = Self.learner()
        let alphabet = Array("ab1:'\"{}[],. \n\\-")
        for step in 0..<60 {
            let result =
                random.chance(50)
                ? Array(random.text(from: alphabet, length: 0...200).utf8) : random.bytes(100)
            learner.observe(
                SequenceCall(
                    symbol: step % 3, arguments: Array("{\"id\":\"\(step)\"}".utf8)[...],
                    result: result[...]),
                session: 1, vocabulary)
            let sum = learner.predict(session: 1, vocabulary).reduce(0) { $0 + $1.probability }
            #expect(sum < 1.001, "seed \(seed), step \(step)")
        }
    }
}
