/// Counts the most frequent of any number of keys in fixed memory; mergeable.
///
/// Space-saving (Metwally, Agrawal, El Abbadi: "Efficient computation of frequent and top-k elements in data
/// streams", ICDT 2005) in buckets of eight by the key's hash: in a full bucket the least counted key makes
/// room, and the new one takes over its count as its error. For every key that is kept,
/// `count - error <= occurrences <= count`, and a key is kept if it makes up more than an eighth of what came
/// to its bucket. Merged as in Agarwal et al.: "Mergeable summaries", PODS 2012, section 3, the bounds hold
/// for both streams together.
///
/// Memory: 16 bytes an entry, `1 << bits` entries.
/// - Complexity: eight probes in two cache lines.
package struct HeavyHitters: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package var key: UInt64
        /// 0 for a free place.
        package var count: UInt32
        package var error: UInt32

        /// What is certain of the count.
        package var least: UInt32 { count - error }
    }

    static let perBucket = 8
    private static let mostCount: UInt32 = 1 << 30

    private var entries: [Entry]
    private let mask: Int

    /// - Parameter bits: the binary logarithm of the number of entries, from 3 to 20.
    package init(bits: Int) {
        precondition(bits >= 3 && bits <= 20, "the number of entries is out of range")
        entries = [Entry](repeating: Entry(key: 0, count: 0, error: 0), count: 1 << bits)
        mask = (1 << bits) - 1
    }

    package var memoryBytes: Int { entries.count * MemoryLayout<Entry>.stride }

    /// What is known of a key; nil if it is not kept.
    package subscript(key: UInt64) -> Entry? {
        for place in places(key) where entries[place].key == key && entries[place].count > 0 {
            return entries[place]
        }
        return nil
    }

    /// What is kept, in no order that means anything.
    package var all: [Entry] { entries.filter { $0.count > 0 } }

    package mutating func insert(_ key: UInt64) {
        var least = places(key).lowerBound
        for place in places(key) {
            if entries[place].key == key, entries[place].count > 0 {
                entries[place].count += 1
                if entries[place].count >= Self.mostCount { halve() }
                return
            }
            if entries[place].count < entries[least].count { least = place }
        }
        let taken = entries[least].count
        entries[least] = Entry(key: key, count: taken + 1, error: taken)
        if taken + 1 >= Self.mostCount { halve() }
    }

    /// Halves all counts, so that what is long past weighs less.
    package mutating func halve() {
        for place in entries.indices {
            entries[place].count /= 2
            entries[place].error /= 2
            if entries[place].count == 0 { entries[place] = Entry(key: 0, count: 0, error: 0) }
        }
    }

    /// Adds what another of the same size has counted.
    package mutating func merge(_ other: HeavyHitters) {
        guard other.mask == mask else { return }
        for start in stride(from: 0, to: entries.count, by: Self.perBucket) {
            let range = start..<start + Self.perBucket
            let (ours, theirs) = (entries[range], other.entries[range])
            // What is not kept may have come as often as the least counted of a full bucket.
            let (missed, missing) = (ours.map(\.count).min() ?? 0, theirs.map(\.count).min() ?? 0)
            var sums = ours.filter { $0.count > 0 }.map { own -> Entry in
                let found = theirs.first { $0.key == own.key && $0.count > 0 }
                return Entry(
                    key: own.key, count: own.count + (found?.count ?? missing),
                    error: own.error + (found?.error ?? missing))
            }
            for entry in theirs where entry.count > 0 && !sums.contains(where: { $0.key == entry.key }) {
                sums.append(
                    Entry(key: entry.key, count: entry.count + missed, error: entry.error + missed))
            }
            sums.sort { $0.count != $1.count ? $0.count > $1.count : $0.key < $1.key }
            for (offset, place) in range.enumerated() {
                entries[place] = offset < sums.count ? sums[offset] : Entry(key: 0, count: 0, error: 0)
            }
        }
        if entries.contains(where: { $0.count >= Self.mostCount }) { halve() }
    }

    private func places(_ key: UInt64) -> Range<Int> {
        let start = Int(truncatingIfNeeded: HashMix.mix(key)) & mask & ~(Self.perBucket - 1)
        return start..<start + Self.perBucket
    }
}

extension HeavyHitters {
    package func save(to encoder: inout ByteEncoder) {
        for entry in entries {
            encoder.write(UInt64(entry.count))
            guard entry.count > 0 else { continue }
            encoder.write(entry.key)
            encoder.write(UInt64(entry.error))
        }
    }

    /// Reads counts; nil from bytes that none of that size wrote.
    package init?(bits: Int, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits)
        for place in entries.indices {
            guard let count = decoder.integer(upTo: UInt64(Self.mostCount - 1)) else { return nil }
            guard count > 0 else { continue }
            guard let key = decoder.integer(), places(key).contains(place),
                let error = decoder.integer(upTo: count)
            else { return nil }
            entries[place] = Entry(key: key, count: UInt32(count), error: UInt32(error))
        }
    }
}
