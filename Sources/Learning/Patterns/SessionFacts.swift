import Learners

/// What is weighed of one call to tell whether its session was taken over: a few steps each.
struct SessionFacts: Sendable, Equatable {
    /// How many bits an address has that foreign text named.
    var address: Int
    /// How many a word has that is new.
    var novel: Int
    /// Whether much text was copied from foreign text.
    var copied: Int
    /// How long ago foreign text came: 0 never, 3 with the call before.
    var recency: Int
    /// How surprising the tool is.
    var tool: Int
    /// How many earlier calls copied a value, at most 2.
    var earlier: Int
    /// Whether the tool looks for something, by its name: asking for a value gives it to nobody.
    var isLookup: Bool
    /// A hash of the server and the tool.
    var kind: UInt64

    private static let lookups: Set<String> = ["search", "find", "list", "query", "lookup", "count"]

    init(
        _ reading: SessionTaint.Reading, _ taint: SessionTaint, toolBits: Float, earlier: Int,
        tool name: String, kind: UInt64
    ) {
        address = Self.step(reading.address, [0.5, 6, 30])
        novel = Self.step(reading.novel, [4, 20])
        copied = Self.step(reading.copied, [60])
        let age = taint.latestForeign.map { taint.calls - $0 }
        recency = age.map { $0 == 1 ? 3 : $0 <= 3 ? 2 : 1 } ?? 0
        tool = Self.step(toolBits, [1, 3, 6])
        self.earlier = min(earlier, 2)
        isLookup = Self.lookups.contains(Self.verb(name))
        self.kind = kind
    }

    /// Whether it repeats a value that is hardly a coincidence.
    static func isCopy(_ reading: SessionTaint.Reading) -> Bool { reading.address > 6 || reading.word > 20 }

    private static func step(_ value: Float, _ steps: [Float]) -> Int { steps.count { value >= $0 } }

    /// The first word of a tool's name, without what a gateway put before it.
    private static func verb(_ name: String) -> String {
        let bytes = Array(name.utf8)
        var start = 0
        let line = UInt8(ascii: "_")
        for index in bytes.indices.dropFirst() where bytes[index] == line && bytes[index - 1] == line {
            start = index + 1
        }
        let first = bytes[start...].first.map { $0 | 0x20 } ?? 0
        let rest = bytes[start...].dropFirst().prefix { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
        return String(decoding: [first] + rest, as: UTF8.self)
    }

    /// The effects that add up to the log odds, with what is believed before any session was judged.
    var terms: [AdditiveEffects.Term] {
        let (isCopy, isLate) = (address > 1 ? 1 : 0, recency > 0 ? 1 : 0)
        let ofAddress: [Float] = [-1, 0.5, 2.5, 2.5]
        return [
            term(0, [], mean: -4),
            term(1, [address], mean: ofAddress[address]),
            term(2, [novel], mean: 0.5 * Float(novel)),
            term(3, [recency], mean: recency > 0 ? 0.5 : -0.5),
            term(4, [copied, isCopy]),
            term(5, [address, recency]),
            term(6, [address, tool]),
            term(7, [novel, isLate]),
            term(8, [isCopy], of: kind),
            term(9, [min(earlier, 2), isCopy], of: kind),
            term(10, [novel, isLate], of: kind),
            term(11, [isLookup ? 1 : 0, isCopy], mean: isLookup && isCopy == 1 ? -1.5 : 0),
        ]
    }

    private func term(
        _ number: UInt64, _ steps: [Int], of kind: UInt64 = 0, mean: Float = 0
    ) -> AdditiveEffects.Term {
        let name = steps.reduce(HashMix.mix(number, kind)) { HashMix.mix($0, UInt64($1)) }
        return AdditiveEffects.Term(name, mean: mean, variance: 1)
    }
}

extension SessionFacts {
    func save(to encoder: inout ByteEncoder) {
        for step in [address, novel, copied, recency, tool, earlier, isLookup ? 1 : 0] {
            encoder.write(UInt64(step))
        }
        encoder.write(kind)
    }

    /// Reads facts; nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        guard let address = decoder.integer(upTo: 3), let novel = decoder.integer(upTo: 2),
            let copied = decoder.integer(upTo: 1), let recency = decoder.integer(upTo: 3),
            let tool = decoder.integer(upTo: 3), let earlier = decoder.integer(upTo: 2),
            let isLookup = decoder.integer(upTo: 1), let kind = decoder.integer()
        else { return nil }
        (self.address, self.novel, self.copied) = (Int(address), Int(novel), Int(copied))
        (self.recency, self.tool, self.earlier, self.kind) = (Int(recency), Int(tool), Int(earlier), kind)
        self.isLookup = isLookup == 1
    }
}
