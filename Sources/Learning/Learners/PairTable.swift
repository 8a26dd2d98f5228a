/// A bounded table of two numbers a name, names being well-mixed hashes.
///
/// Memory: 24 bytes an entry, `1 << bits` entries in buckets of four. In a full bucket the entry that was
/// written longest ago makes room.
/// - Complexity: four probes, mostly in one or two cache lines.
struct PairTable: Sendable {
    private struct Entry: Sendable {
        var tag: UInt64 = 0
        var first: Float = 0
        var second: Float = 0
        /// The clock at its latest writing; ages are differences, so that the clock may wrap around.
        var written: UInt32 = 0
    }

    /// Numbers beyond this in magnitude are held to it.
    static let mostMagnitude: Float = 1e6

    private var entries: [Entry]
    private let mask: Int
    private var clock: UInt32 = 0

    /// - Parameter bits: the binary logarithm of the number of entries, from 4 to 20.
    init(bits: Int) {
        precondition(bits >= 4 && bits <= 20, "the number of entries is out of range")
        entries = [Entry](repeating: Entry(), count: 1 << bits)
        mask = (1 << bits) - 1
    }

    var memoryBytes: Int { entries.count * MemoryLayout<Entry>.stride }

    @inline(__always)
    subscript(_ name: UInt64) -> (first: Float, second: Float)? {
        guard let place = place(name) else { return nil }
        return (entries[place].first, entries[place].second)
    }

    @inline(__always)
    mutating func set(_ name: UInt64, _ first: Float, _ second: Float) {
        let place = place(name) ?? oldest(name)
        clock &+= 1
        entries[place] = Entry(
            tag: name | 1, first: Self.held(first), second: Self.held(second), written: clock)
    }

    private static func held(_ value: Float) -> Float {
        value == value ? min(max(value, -mostMagnitude), mostMagnitude) : 0
    }

    @inline(__always)
    private func place(_ name: UInt64) -> Int? {
        let start = Int(truncatingIfNeeded: name >> 20) & mask & ~3
        for place in start..<start + 4 where entries[place].tag == name | 1 { return place }
        return nil
    }

    private func oldest(_ name: UInt64) -> Int {
        let start = Int(truncatingIfNeeded: name >> 20) & mask & ~3
        var chosen = start
        for place in start..<start + 4 {
            if entries[place].tag == 0 { return place }
            if clock &- entries[place].written > clock &- entries[chosen].written { chosen = place }
        }
        return chosen
    }
}

extension PairTable {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(UInt64(clock))
        let used = entries.indices.filter { entries[$0].tag != 0 }
        encoder.write(UInt64(used.count))
        for place in used {
            encoder.write(UInt64(place))
            encoder.write(entries[place].tag)
            encoder.write(entries[place].first)
            encoder.write(entries[place].second)
            encoder.write(UInt64(entries[place].written))
        }
    }

    /// Reads a table of a size; nil from bytes that none wrote, or whose second numbers are negative.
    init?(bits: Int, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits)
        guard let clock = decoder.word(), let count = decoder.integer(upTo: UInt64(mask + 1)) else {
            return nil
        }
        self.clock = clock
        for _ in 0..<count {
            guard let place = decoder.integer(upTo: UInt64(mask)), let tag = decoder.integer(), tag & 1 == 1,
                let first = decoder.float(), let second = decoder.float(), let written = decoder.word(),
                first.magnitude <= Self.mostMagnitude, second >= 0, second <= Self.mostMagnitude
            else { return nil }
            entries[Int(place)] = Entry(tag: tag, first: first, second: second, written: written)
        }
    }
}
