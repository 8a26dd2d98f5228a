/// Decodes the contents of a validated JSON string piece by piece (RFC 8259 section 7).
struct EscapeDecoder: Sequence, IteratorProtocol {
    enum Piece {
        /// A byte that stands for itself.
        case byte(UInt8)
        /// What an escape stands for.
        case unicode(Unicode.Scalar)
    }

    private static let replacement: Unicode.Scalar = "\u{FFFD}"

    private let contents: ArraySlice<UInt8>
    private var at: Int

    init(_ contents: ArraySlice<UInt8>) {
        self.contents = contents
        at = contents.startIndex
    }

    mutating func next() -> Piece? {
        guard at < contents.endIndex else { return nil }
        let byte = contents[at]
        at += 1
        guard byte == UInt8(ascii: "\\"), at < contents.endIndex else { return .byte(byte) }
        let letter = contents[at]
        at += 1
        switch letter {
        case UInt8(ascii: "b"): return .byte(0x08)
        case UInt8(ascii: "f"): return .byte(0x0C)
        case UInt8(ascii: "n"): return .byte(0x0A)
        case UInt8(ascii: "r"): return .byte(0x0D)
        case UInt8(ascii: "t"): return .byte(0x09)
        case UInt8(ascii: "u"): return .unicode(unicodeEscape())
        default: return .byte(letter)
        }
    }

    /// The scalar of an escape, or of a pair of them, behind its `\u`.
    private mutating func unicodeEscape() -> Unicode.Scalar {
        guard let high = unit(at) else { return Self.replacement }
        at += 4
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard (0xD800..<0xDC00).contains(high), at + 6 <= contents.endIndex,
            contents[at] == UInt8(ascii: "\\"), contents[at + 1] == UInt8(ascii: "u"),
            let low = unit(at + 2), (0xDC00..<0xE000).contains(low)
        else { return Self.replacement }
        at += 6
        let value = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
        return Unicode.Scalar(value) ?? Self.replacement
    }

    /// The four hexadecimal digits at an offset.
    private func unit(_ start: Int) -> UInt16? {
        guard start + 4 <= contents.endIndex else { return nil }
        var value: UInt16 = 0
        for digit in contents[start..<(start + 4)] {
            guard let nibble = Hexadecimal.value(digit) else { return nil }
            value = value << 4 | UInt16(nibble)
        }
        return value
    }
}
