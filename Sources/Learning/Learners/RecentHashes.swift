/// Remembers hashes that came lately: a set that forgets.
///
/// Memory: 4 bytes a hash, `1 << bits` hashes in buckets of four; in a full bucket the one that came longest
/// ago makes room. What never came is taken for known once in a billion times.
/// - Complexity: four probes.
package struct RecentHashes: Sendable {
    private var tags: [UInt32]
    private let mask: Int

    /// - Parameter bits: the binary logarithm of the number of hashes, from 4 to 20.
    package init(bits: Int) {
        precondition(bits >= 4 && bits <= 20, "the number of hashes is out of range")
        tags = [UInt32](repeating: 0, count: 1 << bits)
        mask = (1 << bits) - 1
    }

    package var memoryBytes: Int { tags.count * 4 }

    package func contains(_ hash: UInt64) -> Bool { place(hash) != nil }

    package mutating func insert(_ hash: UInt64) {
        let first = first(hash)
        // The latest stands first in its bucket.
        for place in stride(from: place(hash) ?? first + 3, to: first, by: -1) {
            tags[place] = tags[place - 1]
        }
        tags[first] = Self.tag(hash)
    }

    private func place(_ hash: UInt64) -> Int? {
        let (first, tag) = (first(hash), Self.tag(hash))
        for place in first..<first + 4 where tags[place] == tag { return place }
        return nil
    }

    private func first(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & mask & ~3 }

    /// The upper half; never 0, which marks an empty place.
    private static func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) | 1 }
}

extension RecentHashes {
    package func save(to encoder: inout ByteEncoder) { for tag in tags { encoder.write(UInt64(tag)) } }

    /// Reads a set; nil from bytes that none of that size wrote.
    package init?(bits: Int, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits)
        for place in tags.indices {
            guard let tag = decoder.word() else { return nil }
            tags[place] = tag
        }
    }
}
