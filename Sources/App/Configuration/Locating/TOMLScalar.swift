/// The grammar of TOML values that are neither strings nor tables nor arrays.
///
/// TOMLKit's parser is given nothing else: on some malformed dates it ends the process (an assertion in
/// toml++ 3.4).
enum TOMLScalar {
    static func isWellFormed(_ bytes: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        if ["true", "false", "inf", "nan", "+inf", "-inf", "+nan", "-nan"].contains(text) { return true }
        return isNumber(bytes) || isDateOrTime(bytes)
    }

    private static func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        switch rest.prefix(2) {
        case Array("0x".utf8)[...]: return isDigits(rest.dropFirst(2)) { isHexadecimal($0) }
        case Array("0o".utf8)[...]: return isDigits(rest.dropFirst(2)) { (48...55).contains($0) }
        case Array("0b".utf8)[...]: return isDigits(rest.dropFirst(2)) { (48...49).contains($0) }
        default: break
        }
        if let sign = rest.first, isSign(sign) { rest = rest.dropFirst() }
        let whole = rest.prefix { isDecimal($0) || $0 == UInt8(ascii: "_") }
        guard isDigits(whole, isDecimal), whole.count == 1 || whole.first != UInt8(ascii: "0") else {
            return false
        }
        rest = rest[whole.endIndex...]
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { isDecimal($0) || $0 == UInt8(ascii: "_") }
            guard isDigits(fraction, isDecimal) else { return false }
            rest = rest[fraction.endIndex...]
        }
        guard let letter = rest.first else { return true }
        guard letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") else { return false }
        rest = rest.dropFirst()
        if let sign = rest.first, isSign(sign) { rest = rest.dropFirst() }
        return isDigits(rest, isDecimal)
    }

    /// `1979-05-27`, `07:32:00.5`, or both with `T`, `t` or a space between them and perhaps an offset.
    private static func isDateOrTime(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard matches(bytes.prefix(10), "dddd-dd-dd") else {
            return offset(afterTime: bytes)?.isEmpty ?? false
        }
        let rest = bytes.dropFirst(10)
        guard let separator = rest.first else { return true }
        guard separator == 32 || separator == UInt8(ascii: "T") || separator == UInt8(ascii: "t"),
            let offset = offset(afterTime: rest.dropFirst())
        else { return false }
        return offset.isEmpty || offset.elementsEqual("Z".utf8) || offset.elementsEqual("z".utf8)
            || matches(offset, "+dd:dd") || matches(offset, "-dd:dd")
    }

    /// What follows a time; nil when there is no time.
    private static func offset(afterTime bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard matches(bytes.prefix(8), "dd:dd:dd") else { return nil }
        let rest = bytes.dropFirst(8)
        guard rest.first == UInt8(ascii: ".") else { return rest }
        let fraction = rest.dropFirst().prefix(while: isDecimal)
        return fraction.isEmpty ? nil : rest[fraction.endIndex...]
    }

    private static func matches(_ bytes: ArraySlice<UInt8>, _ pattern: StaticString) -> Bool {
        let pattern = Array(pattern.description.utf8)
        return bytes.count == pattern.count
            && zip(bytes, pattern).allSatisfy { $1 == UInt8(ascii: "d") ? isDecimal($0) : $0 == $1 }
    }

    /// Digits with single underscores between them.
    private static func isDigits(_ bytes: ArraySlice<UInt8>, _ isDigit: (UInt8) -> Bool) -> Bool {
        var previous = UInt8(ascii: "_")
        for byte in bytes {
            guard isDigit(byte) || (byte == UInt8(ascii: "_") && previous != byte) else { return false }
            previous = byte
        }
        return previous != UInt8(ascii: "_")
    }

    private static func isDecimal(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    private static func isSign(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
    }
    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        isDecimal(byte) || (65...70).contains(byte) || (97...102).contains(byte)
    }
}
