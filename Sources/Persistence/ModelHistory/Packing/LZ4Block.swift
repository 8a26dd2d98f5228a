/// The LZ4 block format (lz4_Block_format.md of the reference implementation, version 1.9).
///
/// A store compresses its blocks too, but what is sealed before it gets there has nothing left to compress,
/// and bundles have no store.
enum LZ4Block {
    private static let leastMatch = 4
    /// The last match begins at least so many bytes before the end, and the last bytes are literals.
    private static let matchMargin = 12
    private static let lastLiterals = 5
    private static let farthest = 65_535
    private static let hashBits: UInt32 = 14
    /// So many vain attempts in a row double the stride.
    private static let patienceBits = 6

    /// - Complexity: linear; less for what does not compress.
    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var made: [UInt8] = []
        made.reserveCapacity(bytes.count / 2 + 16)
        var places = [Int32](repeating: -1, count: 1 << Int(hashBits))
        var start = 0
        var place = 0
        var attempts = 1 << patienceBits
        while place < bytes.count - matchMargin {
            let word = word(bytes, place)
            let slot = Int((word &* 2_654_435_761) >> (32 - hashBits))
            let candidate = Int(places[slot])
            places[slot] = Int32(place)
            guard candidate >= 0, place - candidate <= farthest, self.word(bytes, candidate) == word else {
                place += attempts >> patienceBits
                attempts += 1
                continue
            }
            attempts = 1 << patienceBits
            var length = leastMatch
            let most = bytes.count - lastLiterals - place
            while length < most, bytes[candidate + length] == bytes[place + length] { length += 1 }
            append(bytes[start..<place], to: &made, match: length, distance: place - candidate)
            place += length
            start = place
        }
        append(bytes[start...], to: &made, match: 0, distance: 0)
        return made
    }

    /// - Parameter length: of what was compressed.
    /// - Returns: nil from bytes that were not made of so many.
    static func decompress(_ bytes: ArraySlice<UInt8>, length: Int) -> [UInt8]? {
        // No block stands for more than 255 times its bytes.
        guard length / 255 <= bytes.count else { return nil }
        var made: [UInt8] = []
        made.reserveCapacity(length)
        var place = bytes.startIndex
        while place < bytes.endIndex {
            let token = Int(bytes[place])
            place += 1
            guard let literals = extended(token >> 4, bytes, &place), literals <= bytes.endIndex - place,
                literals <= length - made.count
            else { return nil }
            made += bytes[place..<place + literals]
            place += literals
            if place == bytes.endIndex { break }
            guard bytes.endIndex - place >= 2 else { return nil }
            let distance = Int(bytes[place]) | Int(bytes[place + 1]) << 8
            place += 2
            guard let match = extended(token & 15, bytes, &place), distance > 0, distance <= made.count,
                match + leastMatch <= length - made.count
            else { return nil }
            copy(match + leastMatch, distance, &made)
        }
        return made.count == length ? made : nil
    }

    private static func word(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
            | UInt32(bytes[place + 3]) << 24
    }

    private static func append(
        _ literals: ArraySlice<UInt8>, to made: inout [UInt8], match: Int, distance: Int
    ) {
        let matchCode = match == 0 ? 0 : match - leastMatch
        made.append(UInt8(min(literals.count, 15) << 4 | min(matchCode, 15)))
        appendRest(of: literals.count, &made)
        made += literals
        guard match > 0 else { return }
        made.append(UInt8(distance & 0xFF))
        made.append(UInt8(distance >> 8))
        appendRest(of: matchCode, &made)
    }

    private static func appendRest(of count: Int, _ made: inout [UInt8]) {
        guard count >= 15 else { return }
        var rest = count - 15
        while rest >= 255 {
            made.append(255)
            rest -= 255
        }
        made.append(UInt8(rest))
    }

    /// A count with the bytes that continue it; nil if these end too soon.
    private static func extended(_ code: Int, _ bytes: ArraySlice<UInt8>, _ place: inout Int) -> Int? {
        guard code == 15 else { return code }
        var count = code
        while place < bytes.endIndex {
            let byte = bytes[place]
            place += 1
            count += Int(byte)
            if byte < 255 { return count }
        }
        return nil
    }

    private static func copy(_ count: Int, _ distance: Int, _ made: inout [UInt8]) {
        let first = made.count - distance
        if distance >= count {
            made += made[first..<first + count]
        } else {
            // The run repeats itself.
            for offset in 0..<count { made.append(made[first + offset]) }
        }
    }
}
