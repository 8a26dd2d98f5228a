import Sessions

/// A sealer without cryptography: the value in hexadecimal, readable in a failing test, and a keyed tag of
/// the value and its context. Deterministic.
struct TagSealer: TokenSealer {
    let key: UInt64

    private static let tagDigits = 16

    func seal(_ value: [UInt8], context: [UInt8]) -> String {
        value.map { Self.hexadecimal(UInt64($0), digits: 2) }.joined() + tag(value, context)
    }

    func open(_ token: String, context: [UInt8]) -> [UInt8]? {
        let digits = Array(token.utf8)
        guard digits.count >= Self.tagDigits, digits.count % 2 == 0 else { return nil }
        var value: [UInt8] = []
        for index in stride(from: 0, to: digits.count - Self.tagDigits, by: 2) {
            guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16)
            else {
                return nil
            }
            value.append(byte)
        }
        return seal(value, context: context) == token ? value : nil
    }

    private func tag(_ value: [UInt8], _ context: [UInt8]) -> String {
        var state = key ^ 0x736f_6d65_7073_6575
        for byte in context + [0xFF] + value {
            state = (state ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
            state ^= state >> 29
        }
        return Self.hexadecimal(state ^ UInt64(context.count), digits: Self.tagDigits)
    }

    private static func hexadecimal(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }
}
