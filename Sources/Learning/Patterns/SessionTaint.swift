import Learners

/// What a session's results said in foreign text and nowhere else, and which arguments repeat it.
///
/// Memory: 8 KiB for words that are not foreign, and 48 bytes for each of at most `mostForeign` words.
struct SessionTaint: Sendable {
    /// Where a foreign word came from.
    struct Source: Sendable, Equatable {
        /// The number of the call in the session.
        var call: Int
        /// The word's first byte in the result.
        var offset: Int
    }

    /// What the arguments of a call hold.
    struct Reading: Sendable, Equatable {
        /// The surprisal, in bits, of the most surprising address in a short value that foreign text named.
        var address: Float = 0
        /// The same for any word.
        var word: Float = 0
        /// All that repeats foreign text, in values of any length.
        var copied: Float = 0
        /// The most surprising word in a short value that neither the session nor an earlier one held.
        var novel: Float = 0
        /// The most surprising word that was copied, in the arguments.
        var value: Range<Int> = 0..<0
        var source: Source?
    }

    static let mostForeign = 512
    static let bytes = 8 * words + 48 * mostForeign
    /// Longer values are texts, which may quote.
    private static let mostValueBytes = 80
    private static let words = 1024

    private(set) var calls = 0
    /// The latest call whose result had foreign text.
    private(set) var latestForeign: Int?
    private var foreign: [UInt64: Source] = [:]
    /// A filter of one hash function of words that came otherwise.
    private var usual: [UInt64]

    init() { usual = [UInt64](repeating: 0, count: Self.words) }

    /// Reads the arguments of the next call.
    /// - Parameter surprisals: those of the bytes of the arguments, as many of them as are to be read.
    func read(_ arguments: ArraySlice<UInt8>, _ surprisals: [Float], known: RecentHashes) -> Reading {
        var reading = Reading()
        let text = arguments.prefix(surprisals.count)
        ArgumentTexts.forEach(text) { value in
            let isShort = value.count <= Self.mostValueBytes
            ValueWords.forEach(text[value]) { word in
                guard !isUsual(word.hash) else { return }
                let first = word.range.lowerBound - text.startIndex
                let bits = surprisals[first..<first + word.range.count].reduce(0, +)
                if isShort, !known.contains(word.hash) { reading.novel = max(reading.novel, bits) }
                guard let source = foreign[word.hash] else { return }
                reading.copied += bits
                guard isShort else { return }
                if word.isAddress { reading.address = max(reading.address, bits) }
                guard bits > reading.word || reading.source == nil else { return }
                (reading.word, reading.source) = (bits, source)
                reading.value = first..<first + word.range.count
            }
        }
        return reading
    }

    /// Goes on by one call.
    /// - Parameter runs: the foreign bytes of its result, in order.
    mutating func advance(
        _ arguments: ArraySlice<UInt8>, _ result: ArraySlice<UInt8>, foreign runs: [Range<Int>]
    ) {
        ValueWords.forEach(arguments) { insertUsual($0.hash) }
        var next = 0
        ValueWords.forEach(result) { word in
            let offset = word.range.lowerBound - result.startIndex
            while next < runs.count, runs[next].upperBound <= offset { next += 1 }
            guard next < runs.count, runs[next].contains(offset) else { return insertUsual(word.hash) }
            guard foreign.count < Self.mostForeign, foreign[word.hash] == nil else { return }
            foreign[word.hash] = Source(call: calls, offset: offset)
        }
        if !runs.isEmpty { latestForeign = calls }
        calls += 1
    }

    private func isUsual(_ hash: UInt64) -> Bool { usual[Self.place(hash)] >> (hash & 63) & 1 == 1 }

    private mutating func insertUsual(_ hash: UInt64) { usual[Self.place(hash)] |= 1 << (hash & 63) }

    private static func place(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash >> 6) & (words - 1)
    }
}

extension SessionTaint {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(UInt64(calls))
        encoder.write(latestForeign.map { UInt64($0) + 1 } ?? 0)
        encoder.write(UInt64(foreign.count))
        for (hash, source) in foreign.sorted(by: { $0.key < $1.key }) {
            encoder.write(hash)
            encoder.write(UInt64(source.call))
            encoder.write(UInt64(source.offset))
        }
        for word in usual { encoder.write(word) }
    }

    /// Reads what was seen; nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        self.init()
        guard let calls = decoder.integer(upTo: 1 << 40), let latest = decoder.integer(upTo: calls),
            let count = decoder.integer(upTo: UInt64(Self.mostForeign))
        else { return nil }
        (self.calls, latestForeign) = (Int(calls), latest == 0 ? nil : Int(latest) - 1)
        for _ in 0..<count {
            guard let hash = decoder.integer(), let call = decoder.integer(upTo: calls),
                let offset = decoder.integer(upTo: 1 << 32)
            else { return nil }
            foreign[hash] = Source(call: Int(call), offset: Int(offset))
        }
        for place in usual.indices {
            guard let word = decoder.integer() else { return nil }
            usual[place] = word
        }
    }
}
