extension [UInt8] {
    /// The little-endian integer at `offset`; the caller has checked that it lies inside.
    func integer<Integer: FixedWidthInteger & UnsignedInteger>(_ offset: Int) -> Integer {
        var value: Integer = 0
        for index in (0..<Integer.bitWidth / 8).reversed() {
            value = value << 8 | Integer(self[offset + index])
        }
        return value
    }

    mutating func put<Integer: FixedWidthInteger & UnsignedInteger>(_ value: Integer, _ offset: Int) {
        for index in 0..<Integer.bitWidth / 8 {
            self[offset + index] = UInt8(truncatingIfNeeded: value >> Integer(index * 8))
        }
    }

    mutating func put(_ bytes: [UInt8], _ offset: Int) {
        replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }

    /// Printable ASCII up to the first zero, which has to be there; nil if anything else stands before it.
    func text(_ offset: Int, _ bytes: Int) -> String? {
        let field = self[offset..<offset + bytes]
        guard let end = field.firstIndex(of: 0) else { return nil }
        let text = field[..<end]
        guard text.allSatisfy({ (32..<127) ~= $0 }) else { return nil }
        return String(decoding: text, as: UTF8.self)
    }
}
