/// A place in the bytes of a TOML document, and the tokens that can be read from there.
struct TOMLCursor {
    /// One part of a dotted key.
    struct Key {
        /// Without quotes and escapes.
        var text: String
        /// With the quotes.
        var range: Range<Int>
    }

    let bytes: [UInt8]
    private(set) var offset: Int

    init(bytes: [UInt8]) {
        self.bytes = bytes
        offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    mutating func advance() { offset = min(offset + 1, bytes.count) }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        offset += 1
        return true
    }

    mutating func skipSpaces() {
        while let byte = peek, byte == 32 || byte == 9 { offset += 1 }
    }

    /// White space, line breaks and comments.
    mutating func skipBlank() {
        while let byte = peek {
            switch byte {
            case 32, 9, 10, 13: offset += 1
            case UInt8(ascii: "#"): skipToLineEnd()
            default: return
            }
        }
    }

    mutating func skipToLineEnd() {
        while let byte = peek, byte != 10 { offset += 1 }
    }

    /// A number, a date or a word: everything up to a separator. A date may hold one space.
    mutating func scalar() -> Range<Int> {
        let start = offset
        while let byte = peek, !Self.endsScalar(byte) || isSpaceInDate(from: start) { offset += 1 }
        return start..<offset
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case 9, 10, 13, 32, UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"): true
        default: false
        }
    }

    private func isSpaceInDate(from start: Int) -> Bool {
        peek == 32 && offset - start == 10 && bytes[start + 4] == UInt8(ascii: "-")
            && offset + 1 < bytes.count && (48...57).contains(bytes[offset + 1])
    }

    /// A string of any of the four kinds, from its first quote to after its last.
    mutating func skipString() throws(TOMLLocatorFault) {
        guard let quote = peek else { return }
        let isLong = starts(with: [quote, quote, quote])
        offset += isLong ? 3 : 1
        while let byte = peek {
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                try refuseNul()
                offset = min(offset + 2, bytes.count)
            } else if byte == quote, !isLong {
                offset += 1
                return
            } else if byte == quote, starts(with: [quote, quote, quote]) {
                offset += 3
                // Up to two quotes may stand directly before the closing three.
                if take(quote) { _ = take(quote) }
                return
            } else if byte == 10, !isLong {
                return
            } else {
                offset += 1
            }
        }
    }

    /// Whether a bare or quoted key starts here.
    var isAtKey: Bool {
        guard let byte = peek else { return false }
        return byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || Self.isBare(byte)
    }

    /// A bare or quoted key; nil when there is none here.
    mutating func key() throws(TOMLLocatorFault) -> Key? {
        let start = offset
        guard let first = peek else { return nil }
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            try skipString()
            let inner = bytes[start..<offset].dropFirst().dropLast()
            let text =
                first == UInt8(ascii: "'")
                ? String(decoding: inner, as: UTF8.self) : TOMLEscapes.decode(inner)
            return Key(text: text, range: start..<offset)
        }
        while let byte = peek, Self.isBare(byte) { offset += 1 }
        guard offset > start else { return nil }
        return Key(text: String(decoding: bytes[start..<offset], as: UTF8.self), range: start..<offset)
    }

    private func starts(with prefix: [UInt8]) -> Bool {
        offset + prefix.count <= bytes.count && bytes[offset..<offset + prefix.count].elementsEqual(prefix)
    }

    private func refuseNul() throws(TOMLLocatorFault) {
        if starts(with: Array("\\u0000".utf8)) || starts(with: Array("\\U00000000".utf8)) {
            throw .nul(offset: offset)
        }
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
}
