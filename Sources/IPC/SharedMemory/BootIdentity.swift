/// One run of the machine from start to stop (/proc/sys/kernel/random/boot_id).
public struct BootIdentity: Sendable, Hashable {
    /// The first and the last 8 of its 16 bytes, in the order of the text, as little-endian words.
    public let words: (first: UInt64, second: UInt64)

    public init(first: UInt64, second: UInt64) { words = (first, second) }

    /// The current one; nil where the system does not tell.
    public static func current() -> BootIdentity? {
        ProcFile.read("/proc/sys/kernel/random/boot_id").flatMap { BootIdentity(text: $0) }
    }

    /// 32 hexadecimal digits, with hyphens anywhere.
    init?(text: [UInt8]) {
        let digits = text.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 32 else { return nil }
        var words: [UInt64] = [0, 0]
        for (place, digit) in digits.enumerated() {
            let byte = place / 2 % 8
            words[place / 16] |= UInt64(digit) << UInt64(byte * 8 + (place.isMultiple(of: 2) ? 4 : 0))
        }
        self.init(first: words[0], second: words[1])
    }

    public static func == (left: BootIdentity, right: BootIdentity) -> Bool { left.words == right.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.first)
        hasher.combine(words.second)
    }
}
