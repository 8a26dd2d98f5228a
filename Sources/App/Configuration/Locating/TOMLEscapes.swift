/// The escape sequences of a basic TOML string.
enum TOMLEscapes {
    /// The text that the inside of a one-line basic string stands for; an unknown escape stays as it is.
    static func decode(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
        var text: [UInt8] = []
        var offset = bytes.startIndex
        while offset < bytes.endIndex {
            let byte = bytes[offset]
            guard byte == UInt8(ascii: "\\"), offset + 1 < bytes.endIndex else {
                text.append(byte)
                offset += 1
                continue
            }
            let letter = bytes[offset + 1]
            let digits = letter == UInt8(ascii: "u") ? 4 : letter == UInt8(ascii: "U") ? 8 : 0
            if digits > 0, offset + 2 + digits <= bytes.endIndex,
                let scalar = scalar(bytes[offset + 2..<offset + 2 + digits])
            {
                text += Array(String(Character(scalar)).utf8)
                offset += 2 + digits
            } else {
                text += simple[letter].map { [$0] } ?? [byte, letter]
                offset += 2
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func scalar(_ digits: ArraySlice<UInt8>) -> Unicode.Scalar? {
        UInt32(String(decoding: digits, as: UTF8.self), radix: 16).flatMap(Unicode.Scalar.init)
    }

    private static let simple: [UInt8: UInt8] = [
        UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "f"): 12,
        UInt8(ascii: "r"): 13, UInt8(ascii: "\""): 34, UInt8(ascii: "\\"): 92,
    ]
}
