/// A plain recursive validator of RFC 8259, written apart from the scanner to judge it.
struct ReferenceValidator {
    private let bytes: [UInt8]
    private let maxDepth: Int
    private var at = 0

    private init(_ bytes: [UInt8], _ maxDepth: Int) {
        self.bytes = bytes
        self.maxDepth = maxDepth
    }

    static func accepts(_ bytes: [UInt8], maxDepth: Int = 128) -> Bool {
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        var validator = ReferenceValidator(bytes, maxDepth)
        validator.blanks()
        guard validator.value(depth: 0) else { return false }
        validator.blanks()
        return validator.at == bytes.count
    }

    private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func take(_ character: Character) -> Bool {
        guard peek == character.asciiValue else { return false }
        at += 1
        return true
    }

    private mutating func blanks() {
        while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { at += 1 }
    }

    private mutating func value(depth: Int) -> Bool {
        switch peek {
        case UInt8(ascii: "{"): return object(depth: depth + 1)
        case UInt8(ascii: "["): return array(depth: depth + 1)
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "t"): return "true".allSatisfy { take($0) }
        case UInt8(ascii: "f"): return "false".allSatisfy { take($0) }
        case UInt8(ascii: "n"): return "null".allSatisfy { take($0) }
        default: return number()
        }
    }

    private mutating func object(depth: Int) -> Bool {
        guard depth <= maxDepth, take("{") else { return false }
        blanks()
        if take("}") { return true }
        repeat {
            blanks()
            guard string() else { return false }
            blanks()
            guard take(":") else { return false }
            blanks()
            guard value(depth: depth) else { return false }
            blanks()
        } while take(",")
        return take("}")
    }

    private mutating func array(depth: Int) -> Bool {
        guard depth <= maxDepth, take("[") else { return false }
        blanks()
        if take("]") { return true }
        repeat {
            blanks()
            guard value(depth: depth) else { return false }
            blanks()
        } while take(",")
        return take("]")
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while let byte = peek {
            at += 1
            if byte == UInt8(ascii: "\"") { return true }
            if byte < 0x20 { return false }
            guard byte == UInt8(ascii: "\\") else { continue }
            guard let letter = peek else { return false }
            at += 1
            if letter == UInt8(ascii: "u") {
                for _ in 0..<4 {
                    guard let digit = peek, Character(Unicode.Scalar(digit)).isHexDigit, digit < 0x80 else {
                        return false
                    }
                    at += 1
                }
            } else if !Array("\"\\/bfnrt".utf8).contains(letter) {
                return false
            }
        }
        return false
    }

    private mutating func digits() -> Bool {
        let start = at
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { at += 1 }
        return at > start
    }

    private mutating func number() -> Bool {
        _ = take("-")
        if !take("0") {
            guard digits() else { return false }
        }
        if take(".") {
            guard digits() else { return false }
        }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            return digits()
        }
        return true
    }
}
