/// Compares strings of a scanned text with literals; escapes are decoded only where a backslash appears.
@safe
struct KeyText {
    let source: UnsafePointer<UInt8>
    /// The contents, without quotes; the string was validated.
    let start: Int
    let end: Int
    let hasEscapes: Bool

    /// - Parameter mayHaveEscapes: false when the text is known to hold no backslash.
    @inline(__always)
    init(_ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int, mayHaveEscapes: Bool) {
        unsafe self.source = source
        self.start = start
        self.end = end
        hasEscapes = unsafe mayHaveEscapes && Self.hasBackslash(source, start, end)
    }

    private static func hasBackslash(_ source: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
        var at = start
        while at < end {
            if unsafe source[at] == UInt8(ascii: "\\") { return true }
            at &+= 1
        }
        return false
    }

    @inline(__always)
    func equals(_ literal: StaticString) -> Bool {
        if hasEscapes { return decodesTo(literal) }
        let expected = literal.bytes
        guard end &- start == expected.count else { return false }
        for step in 0..<expected.count where unsafe source[start &+ step] != expected[step] { return false }
        return true
    }

    /// Compares while decoding; the literal is ASCII, so an escape of anything else differs.
    @inline(never)
    private func decodesTo(_ literal: StaticString) -> Bool {
        let expected = literal.bytes
        var at = start
        for step in 0..<expected.count {
            guard at < end, let unit = decodeUnit(&at), unit == UInt16(expected[step]) else { return false }
        }
        return at == end
    }

    /// The next byte or escaped UTF-16 unit.
    private func decodeUnit(_ at: inout Int) -> UInt16? {
        let byte = unsafe source[at]
        at += 1
        guard byte == UInt8(ascii: "\\") else { return UInt16(byte) }
        guard at < end else { return nil }
        let letter = unsafe source[at]
        at += 1
        switch letter {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"):
            guard at + 4 <= end else { return nil }
            var unit: UInt16 = 0
            for _ in 0..<4 {
                guard let digit = unsafe Hexadecimal.value(source[at]) else { return nil }
                unit = unit << 4 | UInt16(digit)
                at += 1
            }
            return unit
        default: return UInt16(letter)
        }
    }
}
