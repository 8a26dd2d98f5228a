/// Finds the position of a name by its bytes, without making a String of them. Immutable; a class, so that a
/// look-up touches one reference count.
///
/// Open addressing with linear probing, at most half full. The hash has a seed of the process, so that nobody
/// who chooses names can make them meet.
final class NameTable: Sendable {
    private let slots: [UInt32]
    private let hashes: [UInt64]
    private let ends: [Int]
    private let bytes: [UInt8]

    private static let seed = UInt64.random(in: .min ... .max)

    /// - Parameter names: where a name stands twice, the first counts. Fewer than 2³¹.
    init(_ names: [String]) {
        var size = 8
        while size < names.count * 2 { size *= 2 }
        var slots = [UInt32](repeating: 0, count: size)
        var hashes: [UInt64] = []
        var ends: [Int] = []
        var bytes: [UInt8] = []
        hashes.reserveCapacity(names.count)
        ends.reserveCapacity(names.count)
        for (index, name) in names.enumerated() {
            bytes.append(contentsOf: name.utf8)
            ends.append(bytes.count)
            let hash = Self.hash([UInt8](name.utf8).span)
            hashes.append(hash)
            var slot = Int(truncatingIfNeeded: hash) & (size - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = UInt32(index + 1)
        }
        self.slots = slots
        self.hashes = hashes
        self.ends = ends
        self.bytes = bytes
    }

    /// - Complexity: O(name bytes), expected.
    func find(_ name: Span<UInt8>) -> Int? {
        let hash = Self.hash(name)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if hashes[index] == hash && equals(index, name) { return index }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    func find(_ name: String) -> Int? { find([UInt8](name.utf8).span) }

    private func equals(_ index: Int, _ name: Span<UInt8>) -> Bool {
        let start = index == 0 ? 0 : ends[index - 1]
        guard ends[index] - start == name.count else { return false }
        for offset in name.indices where bytes[start + offset] != name[offset] { return false }
        return true
    }

    /// Folded multiplication over words of eight bytes, in the manner of wyhash.
    private static func hash(_ name: Span<UInt8>) -> UInt64 {
        var state = seed ^ UInt64(name.count)
        var word: UInt64 = 0
        for offset in name.indices {
            word = word << 8 | UInt64(name[offset])
            if offset & 7 == 7 {
                state = mix(state ^ word)
                word = 0
            }
        }
        return mix(mix(state ^ word) ^ seed)
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        return product.high ^ product.low
    }
}
