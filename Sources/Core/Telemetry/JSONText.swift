/// Writes the few JSON values that log lines hold (Telemetry does not import Wire).
enum JSONText {
    static func append(_ value: LogValue, to bytes: inout [UInt8]) {
        switch value {
        case .string(let text):
            bytes.append(UInt8(ascii: "\""))
            appendContents(text, limit: LogLine.longestText, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .double(let number):
            bytes.append(contentsOf: (number.isFinite ? String(number) : "null").utf8)
        case .boolean(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        }
    }

    /// Appends the inside of a JSON string: quotes, backslashes and control characters are escaped, also DEL
    /// and the C1 controls, so that a hostile text cannot drive the reader's terminal.
    ///
    /// - Parameter limit: the bytes of `text` after which it is cut, at a character's start, and marked with
    ///   `...`.
    static func appendContents(_ text: String, limit: Int, to bytes: inout [UInt8]) {
        var taken = 0
        for scalar in text.unicodeScalars {
            let width = UTF8.width(scalar)
            if taken + width > limit {
                bytes.append(contentsOf: "...".utf8)
                return
            }
            taken += width
            append(scalar, to: &bytes)
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar.value {
        case 0x22: bytes.append(contentsOf: #"\""#.utf8)
        case 0x5C: bytes.append(contentsOf: #"\\"#.utf8)
        case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
        case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
        case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
        case 0..<0x20, 0x7F...0x9F:
            let digits = String(scalar.value, radix: 16)
            bytes.append(contentsOf: #"\u"#.utf8)
            bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
            bytes.append(contentsOf: digits.utf8)
        default: bytes.append(contentsOf: Character(scalar).utf8)
        }
    }
}
