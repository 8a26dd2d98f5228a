/// Finds where bytes occur in an older version: the hashes of its blocks at every sixteenth byte.
///
/// The hash is a polynomial over 32 bytes that rolls on by one byte (Karp and Rabin, IBM Journal of Research
/// and Development 31(2), 1987).
///
/// Memory: half a byte to a byte a byte of the version, at least 4 KiB.
struct BlockIndex {
    static let blockBytes = 32
    private static let stride = 16
    private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
    /// The multiplier to the power of the block's length, which is a square of squares.
    private static let leaving = (0..<5).reduce(multiplier) { power, _ in power &* power }

    private let base: [UInt8]
    /// The place of a block and 1, by its hash; 0 for none.
    private var places: [UInt32]
    private let shift: UInt64
    /// The hash of the block that was asked for last, and where it was.
    private var hash: UInt64 = 0
    private var hashPlace = -2

    init(_ base: [UInt8]) {
        self.base = base
        let blocks = max(base.count / Self.stride, 512)
        let bits = Int.bitWidth - (blocks - 1).leadingZeroBitCount + 1
        places = [UInt32](repeating: 0, count: 1 << bits)
        shift = UInt64(64 - bits)
        var place = 0
        while place + Self.blockBytes <= base.count {
            let slot = slot(of: Self.hash(base, place))
            // The first of equal blocks stays.
            if places[slot] == 0 { places[slot] = UInt32(place + 1) }
            place += Self.stride
        }
    }

    /// Where the block at `place` of another version is in this one; nil if it was not found.
    mutating func match(_ target: [UInt8], at place: Int) -> Int? {
        guard place + Self.blockBytes <= target.count else { return nil }
        if place == hashPlace + 1 {
            let gone = UInt64(target[place - 1]) &+ 1
            let come = UInt64(target[place + Self.blockBytes - 1]) &+ 1
            hash = hash &* Self.multiplier &+ come &- gone &* Self.leaving
        } else {
            hash = Self.hash(target, place)
        }
        hashPlace = place
        let found = Int(places[slot(of: hash)]) - 1
        guard found >= 0 else { return nil }
        for offset in 0..<Self.blockBytes where base[found + offset] != target[place + offset] { return nil }
        return found
    }

    private static func hash(_ bytes: [UInt8], _ place: Int) -> UInt64 {
        var hash: UInt64 = 0
        for offset in 0..<blockBytes { hash = hash &* multiplier &+ UInt64(bytes[place + offset]) &+ 1 }
        return hash
    }

    private func slot(of hash: UInt64) -> Int { Int((hash &* Self.multiplier) >> shift) }
}
