/// Checks on header field names and values that the gateway writes (RFC 9110, section 5).
enum FieldValue {
    /// True if the value holds no control character, so that it cannot end its line.
    static func isSafe(_ value: String) -> Bool {
        let bytes = value.utf8Span.span
        for index in bytes.indices where bytes[index] < 0x20 || bytes[index] == 0x7F {
            if bytes[index] != 0x09 { return false }
        }
        return true
    }

    /// True if the text is visible ASCII throughout, without spaces.
    static func isVisible(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// True if the name is a token.
    static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
                default: false
                }
            }
    }
}
