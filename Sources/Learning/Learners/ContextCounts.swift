/// Counts which symbols followed which contexts, in one open-addressed table of 64-byte lines.
///
/// A line holds the tag of its context, a total and up to 14 pairs of symbol and count; a context with more
/// symbols goes on in up to three further lines. Counts are in sixteenths; once one reaches `mostCount` its
/// whole line is halved, so that what is recent weighs more. Such suffix counts are those of PPM
/// (Cleary, Witten, IEEE Trans. Comm. 32(4), 1984).
///
/// Memory: exactly 64 bytes a line, chosen at the start. Of the four lines in which a context may lie, a new
/// one takes the one with the least total, and the others lose an eighth: eviction with aging.
/// - Complexity: four probes at most, within 256 contiguous bytes.
package struct ContextCounts: Sendable {
    static let wordsPerLine = 16
    static let pairsPerLine = 14
    static let mostPages = 4
    static let unit: UInt32 = 16
    private static let mostCount: UInt32 = 16_384

    private(set) var words: [UInt32]
    private let mask: Int

    /// - Parameter bits: the binary logarithm of the number of lines, from 4 to 24.
    package init(bits: Int) {
        precondition(bits >= 4 && bits <= 24, "the table's size is out of range")
        words = [UInt32](repeating: 0, count: Self.wordsPerLine << bits)
        mask = (1 << bits) - 1
    }

    package var memoryBytes: Int { words.count * 4 }

    /// The first word of a context's line; nil where the table does not hold it.
    @inline(__always)
    package func line(_ context: UInt64, page: Int = 0) -> Int? {
        let place = Self.place(context, page)
        let tag = Self.tag(place)
        let first = Int(truncatingIfNeeded: place) & mask & ~3
        for probe in 0..<4 where words[(first + probe) &* Self.wordsPerLine] == tag {
            return (first + probe) &* Self.wordsPerLine
        }
        return nil
    }

    /// How many pairs a line holds.
    @inline(__always)
    package func pairs(_ line: Int) -> Int { Int(words[line + 1] & 0xFF) }

    /// The symbol and the count, in sixteenths, of a pair of a line.
    @inline(__always)
    package func pair(_ line: Int, _ index: Int) -> (symbol: Int, count: UInt32) {
        let word = words[line + 2 + index]
        return (Int(word >> 16), word & 0xFFFF)
    }

    /// Counts that a symbol followed a context.
    package mutating func record(_ context: UInt64, symbol: Int) {
        var page = 0
        while page < Self.mostPages {
            guard let line = line(context, page: page) else {
                insert(symbol, into: claim(context, page))
                return
            }
            if bump(line, symbol) { return }
            if pairs(line) < Self.pairsPerLine {
                insert(symbol, into: line)
                return
            }
            page += 1
        }
        if let last = line(context, page: Self.mostPages - 1) { replaceRarest(last, symbol) }
    }

    /// Adds to the symbol's pair, if the line has one.
    private mutating func bump(_ line: Int, _ symbol: Int) -> Bool {
        for index in 0..<min(pairs(line), Self.pairsPerLine) {
            let word = words[line + 2 + index]
            guard Int(word >> 16) == symbol else { continue }
            words[line + 2 + index] = word + Self.unit
            setTotal(line, words[line + 1] >> 8 + Self.unit)
            if word & 0xFFFF + Self.unit >= Self.mostCount { halve(line) }
            return true
        }
        return false
    }

    private mutating func halve(_ line: Int) {
        var total: UInt32 = 0
        for index in 0..<min(pairs(line), Self.pairsPerLine) {
            let word = words[line + 2 + index]
            let count = max(1, (word & 0xFFFF) / 2)
            words[line + 2 + index] = word & 0xFFFF_0000 | count
            total += count
        }
        setTotal(line, total)
    }

    private mutating func insert(_ symbol: Int, into line: Int) {
        let count = pairs(line)
        guard count < Self.pairsPerLine else { return }
        words[line + 2 + count] = UInt32(symbol) << 16 | Self.unit
        words[line + 1] = words[line + 1] & 0xFFFF_FF00 | UInt32(count + 1)
        setTotal(line, words[line + 1] >> 8 + Self.unit)
    }

    private mutating func replaceRarest(_ line: Int, _ symbol: Int) {
        var rarest = 0
        for index in 1..<Self.pairsPerLine where pair(line, index).count < pair(line, rarest).count {
            rarest = index
        }
        words[line + 2 + rarest] = UInt32(symbol) << 16 | Self.unit
    }

    private mutating func setTotal(_ line: Int, _ total: UInt32) {
        words[line + 1] = words[line + 1] & 0xFF | min(total, 0xFF_FFFF) << 8
    }

    /// Takes the least used of a context's four lines and empties it.
    private mutating func claim(_ context: UInt64, _ page: Int) -> Int {
        let place = Self.place(context, page)
        let first = Int(truncatingIfNeeded: place) & mask & ~3
        var (chosen, least) = (first, UInt32.max)
        for line in first..<first + 4 {
            let total = words[line * Self.wordsPerLine + 1] >> 8
            if total < least { (chosen, least) = (line, total) }
        }
        if least > 0 {
            for line in first..<first + 4 {
                let total = words[line * Self.wordsPerLine + 1] >> 8
                setTotal(line * Self.wordsPerLine, total - total >> 3)
            }
        }
        let line = chosen * Self.wordsPerLine
        for word in line..<line + Self.wordsPerLine { words[word] = 0 }
        words[line] = Self.tag(place)
        return line
    }

    @inline(__always)
    private static func place(_ context: UInt64, _ page: Int) -> UInt64 {
        page == 0 ? context : HashMix.mix(context, UInt64(page))
    }

    /// The upper half of the hash; never 0, which marks an empty line.
    @inline(__always)
    private static func tag(_ place: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: place >> 32) | 1 }
}

extension ContextCounts {
    /// Writes the lines that hold something; 16 to 70 bytes each.
    package func save(to encoder: inout ByteEncoder) {
        let used = (0..<words.count / Self.wordsPerLine).filter { words[$0 * Self.wordsPerLine] != 0 }
        encoder.write(UInt64(used.count))
        for line in used {
            encoder.write(UInt64(line))
            let first = line * Self.wordsPerLine
            for word in first..<first + 2 + min(pairs(first), Self.pairsPerLine) {
                encoder.write(UInt64(words[word]))
            }
        }
    }

    /// Reads a table of a size; nil from bytes that none of that size wrote.
    package init?(bits: Int, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits)
        guard let count = decoder.integer(upTo: UInt64(mask + 1)) else { return nil }
        for _ in 0..<count {
            guard let line = decoder.integer(upTo: UInt64(mask)), let tag = decoder.word(),
                let header = decoder.word(), tag & 1 == 1, header & 0xFF <= Self.pairsPerLine
            else { return nil }
            let first = Int(line) * Self.wordsPerLine
            words[first] = tag
            words[first + 1] = header
            for pair in 0..<Int(header & 0xFF) {
                guard let word = decoder.word(), word & 0xFFFF > 0, word & 0xFFFF <= Self.mostCount else {
                    return nil
                }
                words[first + 2 + pair] = word
            }
        }
    }
}
