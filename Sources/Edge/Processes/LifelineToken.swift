/// A random name for one instance of the gateway: 128 bits in 32 lower-case hexadecimal digits.
package struct LifelineToken: Sendable, Hashable, CustomStringConvertible {
    package let text: String

    /// The variable that carries it in the environment of every server.
    package static let variable = "ATTUNE_LIFELINE"

    package var description: String { text }

    /// Draws a new one from the operating system's generator.
    package init() {
        var digits = ""
        for _ in 0..<32 { digits += String(UInt8.random(in: 0..<16), radix: 16) }
        text = digits
    }

    /// Reads one; nil unless it has the exact form, so that no shorter text can match more than one instance.
    package init?(_ text: String) {
        let isDigit: (UInt8) -> Bool = { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        guard text.utf8.count == 32, text.utf8.allSatisfy(isDigit) else { return nil }
        self.text = text
    }

    /// The environment entry, or argument, that marks a process.
    package var entry: String { "\(Self.variable)=\(text)" }
}
