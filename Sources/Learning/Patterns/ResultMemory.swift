import Learners

/// What the same call gave before: its results by how often they came, and who saw the latest.
///
/// Results and sessions are hashes. Memory: at most 384 bytes a call, `1 << bits` calls in buckets of four;
/// in a full bucket the call that was made longest ago makes room.
struct ResultMemory: Sendable {
    static let mostVariants = 16
    static let slotBytes = 384
    /// Counts of one call beyond this are halved.
    private static let mostCount: Float = 1024

    struct Variant: Sendable {
        var result: UInt64
        var count: Float
    }

    struct Slot: Sendable {
        var tag: UInt64 = 0
        /// The clock of the forecast when the call was made last, by whom, and what it gave.
        var made: UInt64 = 0
        var session: UInt64 = 0
        var result: UInt64 = 0
        /// Whether its latest results were those before, one bit each, the latest lowest.
        var outcomes: UInt8 = 0
        /// How many bits of `outcomes` are known, up to 3.
        var known: UInt8 = 0
        var wasError = false
        /// Counts of different results.
        var variants: [Variant] = []

        var total: Float { variants.reduce(0) { $0 + $1.count } }
        /// How often the latest result came.
        var latestCount: Float {
            variants.first { $0.result == result }?.count ?? 0
        }
        /// The probability that two of its results are the same.
        var collision: Float {
            let total = max(1, total)
            return variants.reduce(0) { $0 + ($1.count / total) * ($1.count / total) }
        }

        /// Counts a result, which is the latest from now on.
        mutating func insert(_ result: UInt64) {
            self.result = result
            if let index = variants.firstIndex(where: { $0.result == result }) {
                variants[index].count += 1
            } else if variants.count < ResultMemory.mostVariants {
                variants.append(Variant(result: result, count: 1))
            } else {
                var least = 0
                for index in variants.indices where variants[index].count < variants[least].count {
                    least = index
                }
                variants[least] = Variant(result: result, count: 1)
            }
            if total > ResultMemory.mostCount {
                for index in variants.indices { variants[index].count /= 2 }
            }
        }
    }

    private(set) var slots: [Slot]
    private let mask: Int

    /// - Parameter bits: the binary logarithm of the number of calls, from 4 to 20.
    init(bits: Int) {
        precondition(bits >= 4 && bits <= 20, "the number of calls is out of range")
        slots = [Slot](repeating: Slot(), count: 1 << bits)
        mask = (1 << bits) - 1
    }

    /// Where a call is remembered; nil for one that is not.
    func place(_ call: UInt64) -> Int? {
        let start = Int(truncatingIfNeeded: call >> 20) & mask & ~3
        return (start..<start + 4).first { slots[$0].tag == call | 1 }
    }

    /// Changes what is remembered of a call; a new one takes the place of the oldest.
    mutating func change(_ call: UInt64, _ body: (inout Slot) -> Void) {
        let start = Int(truncatingIfNeeded: call >> 20) & mask & ~3
        var chosen = place(call)
        if chosen == nil {
            var oldest = start
            for place in start..<start + 4 where slots[place].made < slots[oldest].made { oldest = place }
            slots[oldest] = Slot(tag: call | 1)
            chosen = oldest
        }
        if let chosen { body(&slots[chosen]) }
    }
}

extension ResultMemory {
    func save(to encoder: inout ByteEncoder) {
        let used = slots.indices.filter { slots[$0].tag != 0 }
        encoder.write(UInt64(used.count))
        for place in used {
            let slot = slots[place]
            for word in [UInt64(place), slot.tag, slot.made, slot.session, slot.result] {
                encoder.write(word)
            }
            for byte in [slot.outcomes, slot.known, slot.wasError ? 1 : 0] { encoder.write(UInt64(byte)) }
            encoder.write(UInt64(slot.variants.count))
            for variant in slot.variants {
                encoder.write(variant.result)
                encoder.write(variant.count)
            }
        }
    }

    /// Reads a memory; nil from bytes that none of that size wrote.
    init?(bits: Int, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits)
        guard let count = decoder.integer(upTo: UInt64(mask + 1)) else { return nil }
        for _ in 0..<count {
            guard let place = decoder.integer(upTo: UInt64(mask)), let slot = Self.slot(&decoder) else {
                return nil
            }
            slots[Int(place)] = slot
        }
    }

    private static func slot(_ decoder: inout ByteDecoder) -> Slot? {
        guard let tag = decoder.integer(), tag & 1 == 1, let made = decoder.integer(),
            let session = decoder.integer(), let result = decoder.integer(),
            let outcomes = decoder.integer(upTo: 7), let known = decoder.integer(upTo: 3),
            let wasError = decoder.integer(upTo: 1),
            let variants = decoder.integer(upTo: UInt64(mostVariants))
        else { return nil }
        var slot = Slot(
            tag: tag, made: made, session: session, result: result, outcomes: UInt8(outcomes),
            known: UInt8(known), wasError: wasError == 1)
        for _ in 0..<variants {
            guard let result = decoder.integer(), let count = decoder.float(), count > 0,
                count <= 2 * mostCount
            else { return nil }
            slot.variants.append(Variant(result: result, count: count))
        }
        return slot
    }
}
