/// Counts of trials and what they gave of many things, named by hashes, that fade as time passes.
///
/// Time is cut into epochs of an eighth of the half-life; a count is multiplied by `2^(-epochs / 8)`, when it
/// is next read, for the epochs since it was written (discounting as in Raj, Kalyani: "Taming non-stationary
/// bandits", arXiv 1707.09727). Counts merge with a sibling's by addition.
///
/// Memory: 24 bytes an entry, `1 << bits` entries in buckets of four. In a full bucket the entry with the
/// fewest trials left makes room.
/// - Complexity: four probes.
package struct DiscountedCounts: Sendable {
    private struct Entry: Sendable {
        var tag: UInt64 = 0
        var gains: Float = 0
        var trials: Float = 0
        var epoch: UInt32 = 0
    }

    private static let mostTrials: Float = 1e6

    private var entries: [Entry]
    private let mask: Int
    private let epochLength: UInt64
    /// What is left of a count after so many epochs.
    private let left: [Float]
    private var clock: UInt64 = 0
    private var epoch: UInt32 = 0

    /// - Parameters:
    ///   - bits: the binary logarithm of the number of entries, from 4 to 20.
    ///   - halfLife: after as many ticks a count is worth half; at least 8.
    package init(bits: Int, halfLife: UInt64) {
        precondition(bits >= 4 && bits <= 20, "the number of entries is out of range")
        precondition(halfLife >= 8 && halfLife <= 1 << 40, "the half-life is out of range")
        entries = [Entry](repeating: Entry(), count: 1 << bits)
        mask = (1 << bits) - 1
        epochLength = halfLife / 8
        var (left, share) = ([Float](), Float(1))
        for _ in 0..<128 {
            left.append(share)
            share *= 0.917_004_04
        }
        self.left = left
    }

    package var memoryBytes: Int { entries.count * MemoryLayout<Entry>.stride }

    /// What trials gave together, and how many there were, as far as they have not faded; 0 for the unknown.
    @inline(__always)
    package func counts(_ name: UInt64) -> (gains: Float, trials: Float) {
        guard let place = place(name) else { return (0, 0) }
        let share = share(entries[place])
        return (entries[place].gains * share, entries[place].trials * share)
    }

    /// The mean gain, drawn to `prior` as if by `weight` trials of it.
    @inline(__always)
    package func rate(_ name: UInt64, prior: Float, weight: Float) -> Float {
        let (gains, trials) = counts(name)
        return (gains + weight * prior) / (trials + weight)
    }

    /// Adds trials that gave something each between 0 and 1.
    package mutating func record(_ name: UInt64, gain: Float, trials: Float = 1) {
        let place = place(name) ?? claim(name)
        let share = share(entries[place])
        entries[place].trials = min(entries[place].trials * share + trials, Self.mostTrials)
        entries[place].gains = min(entries[place].gains * share + gain, entries[place].trials)
        entries[place].epoch = epoch
    }

    /// Lets a unit of time pass.
    package mutating func tick() {
        clock &+= 1
        if clock % epochLength == 0 { epoch &+= 1 }
    }

    /// Adds what a sibling of the same size and half-life counted, each faded on its own clock.
    package mutating func merge(_ other: DiscountedCounts) {
        for entry in other.entries where entry.tag != 0 {
            let share = other.share(entry)
            record(entry.tag, gain: entry.gains * share, trials: entry.trials * share)
        }
    }

    @inline(__always)
    private func share(_ entry: Entry) -> Float { left[Int(min(epoch &- entry.epoch, 127))] }

    @inline(__always)
    private func place(_ name: UInt64) -> Int? {
        let first = Int(truncatingIfNeeded: name >> 16) & mask & ~3
        for place in first..<first + 4 where entries[place].tag == name | 1 { return place }
        return nil
    }

    private mutating func claim(_ name: UInt64) -> Int {
        let first = Int(truncatingIfNeeded: name >> 16) & mask & ~3
        var (chosen, fewest) = (first, Float.infinity)
        for place in first..<first + 4 {
            let trials = entries[place].trials * share(entries[place])
            if trials < fewest { (chosen, fewest) = (place, trials) }
        }
        entries[chosen] = Entry(tag: name | 1, epoch: epoch)
        return chosen
    }
}

extension DiscountedCounts {
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(clock)
        encoder.write(UInt64(epoch))
        let used = entries.indices.filter { entries[$0].tag != 0 }
        encoder.write(UInt64(used.count))
        for place in used {
            encoder.write(UInt64(place))
            encoder.write(entries[place].tag)
            encoder.write(entries[place].gains)
            encoder.write(entries[place].trials)
            encoder.write(UInt64(entries[place].epoch))
        }
    }

    /// Reads counts of a size; nil from bytes that none of that size wrote.
    package init?(bits: Int, halfLife: UInt64, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits, halfLife: halfLife)
        guard let clock = decoder.integer(), let epoch = decoder.word(),
            let count = decoder.integer(upTo: UInt64(mask + 1))
        else { return nil }
        (self.clock, self.epoch) = (clock, epoch)
        for _ in 0..<count {
            guard let place = decoder.integer(upTo: UInt64(mask)), let tag = decoder.integer(), tag & 1 == 1,
                let gains = decoder.float(), let trials = decoder.float(), gains >= 0, trials >= gains,
                trials <= Self.mostTrials, let written = decoder.word()
            else { return nil }
            entries[Int(place)] = Entry(tag: tag, gains: gains, trials: trials, epoch: written)
        }
    }
}
