/// Counts how often each of many things, named by hashes, did what was hoped of it.
///
/// Memory: 16 bytes an entry, `1 << bits` entries in buckets of four. In a full bucket the entry with the
/// fewest trials makes room and the others lose an eighth: what is rare goes, what was once common fades.
/// - Complexity: four probes.
package struct HitRates: Sendable {
    private struct Entry: Sendable, Equatable {
        var tag: UInt64 = 0
        var hits: Float = 0
        var trials: Float = 0
    }

    /// Counts beyond this are halved.
    private static let mostTrials: Float = 4096

    private var entries: [Entry]
    private let mask: Int

    /// - Parameter bits: the binary logarithm of the number of entries, from 4 to 20.
    package init(bits: Int) {
        precondition(bits >= 4 && bits <= 20, "the number of entries is out of range")
        entries = [Entry](repeating: Entry(), count: 1 << bits)
        mask = (1 << bits) - 1
    }

    package var memoryBytes: Int { entries.count * 16 }

    /// The share of hits, held towards 0 while there are few trials; 0 for what is not known.
    package func rate(_ name: UInt64) -> Float {
        guard let place = place(name) else { return 0 }
        return entries[place].hits / (entries[place].trials + 1)
    }

    /// The share of hits, drawn to `prior` as if by `weight` trials of it; `prior` for what is not known.
    package func rate(_ name: UInt64, prior: Float, weight: Float) -> Float {
        guard let place = place(name) else { return prior }
        return (entries[place].hits + weight * prior) / (entries[place].trials + weight)
    }

    /// Counts a trial.
    package mutating func record(_ name: UInt64, isHit: Bool) {
        let place = place(name) ?? claim(name)
        entries[place].trials += 1
        if isHit { entries[place].hits += 1 }
        if entries[place].trials > Self.mostTrials {
            entries[place].trials /= 2
            entries[place].hits /= 2
        }
    }

    private func place(_ name: UInt64) -> Int? {
        let first = Int(truncatingIfNeeded: name >> 16) & mask & ~3
        for place in first..<first + 4 where entries[place].tag == name | 1 { return place }
        return nil
    }

    private mutating func claim(_ name: UInt64) -> Int {
        let first = Int(truncatingIfNeeded: name >> 16) & mask & ~3
        var chosen = first
        for place in first..<first + 4 where entries[place].trials < entries[chosen].trials { chosen = place }
        if entries[chosen].tag != 0 {
            for place in first..<first + 4 {
                entries[place].trials *= 0.875
                entries[place].hits *= 0.875
            }
        }
        entries[chosen] = Entry(tag: name | 1)
        return chosen
    }
}

extension HitRates {
    package func save(to encoder: inout ByteEncoder) {
        let used = entries.indices.filter { entries[$0].tag != 0 }
        encoder.write(UInt64(used.count))
        for place in used {
            encoder.write(UInt64(place))
            encoder.write(entries[place].tag)
            encoder.write(entries[place].hits)
            encoder.write(entries[place].trials)
        }
    }

    /// Reads a table of a size; nil from bytes that none of that size wrote.
    package init?(bits: Int, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits)
        guard let count = decoder.integer(upTo: UInt64(mask + 1)) else { return nil }
        for _ in 0..<count {
            guard let place = decoder.integer(upTo: UInt64(mask)), let tag = decoder.integer(), tag & 1 == 1,
                let hits = decoder.float(), let trials = decoder.float(), hits >= 0, trials >= hits,
                trials <= Self.mostTrials
            else { return nil }
            entries[Int(place)] = Entry(tag: tag, hits: hits, trials: trials)
        }
    }
}
