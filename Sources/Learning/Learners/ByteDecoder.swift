/// Reads what `ByteEncoder` wrote, from bytes that may be anything.
///
/// Every function returns nil, and goes on doing so, once the bytes are not what they should be.
package struct ByteDecoder: Sendable {
    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var isBroken = false

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes[...]
        position = 0
    }

    /// Whether all was read and nothing was wrong.
    package var isAtEnd: Bool { !isBroken && position == bytes.endIndex }

    package mutating func integer() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while !isBroken, position < bytes.endIndex {
            let byte = UInt64(bytes[position])
            position += 1
            // The tenth byte has room for one bit.
            if shift == 63, byte > 1 { break }
            value |= (byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
            if shift > 63 { break }
        }
        isBroken = true
        return nil
    }

    /// An integer that is at most `limit`.
    package mutating func integer(upTo limit: UInt64) -> UInt64? {
        guard let value = integer(), value <= limit else {
            isBroken = true
            return nil
        }
        return value
    }

    /// A finite number.
    package mutating func double() -> Double? {
        guard !isBroken, bytes.endIndex - position >= 8 else {
            isBroken = true
            return nil
        }
        var pattern: UInt64 = 0
        for offset in (0..<8).reversed() { pattern = pattern << 8 | UInt64(bytes[position + offset]) }
        position += 8
        let value = Double(bitPattern: pattern)
        isBroken = !value.isFinite
        return isBroken ? nil : value
    }

    /// A run of at most `limit` bytes.
    package mutating func run(upTo limit: Int) -> [UInt8]? {
        guard let count = integer(upTo: UInt64(limit)), Int(count) <= bytes.endIndex - position else {
            isBroken = true
            return nil
        }
        defer { position += Int(count) }
        return Array(bytes[position..<position + Int(count)])
    }
}
