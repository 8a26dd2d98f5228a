import TestSupport

/// Random JSON texts, and texts that are almost JSON.
struct RandomJSON {
    var random: SeededGenerator

    private static let strings: [String] = [
        "", "a", "id", "method", "params", "name", "_meta", "é", "\u{7FF}\u{800}", "\u{FFFD}", "\u{10FFFF}",
        "日本語のテキスト", "😀😀", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00", "\\ud800", "\\\\\\\"",
        "a longer run of plain text which crosses the end of a block of sixty-four bytes, surely",
        "\u{7F}", "{\\\"json\\\":[1,2]}", "[]{},:",
    ]
    private static let numbers = [
        "0", "-0", "1", "12", "-7", "3.25", "0.5e-3", "1E+9", "1e400", "12345678901234567890123", "-0.0",
        "9e0",
    ]
    private static let noise: [[UInt8]] =
        [
            "\"", "\\", "{", "}", "[", "]", ":", ",", " ", "\t", "\n", "0", "-", ".", "e", "u", "true", "nul",
            "\\u12", "\\x", "'", "/*", "\u{0}", "\u{1F}", "\u{C}", "\u{1A}",
        ].map { Array($0.utf8) } + [
            [0x80], [0xBF], [0xC0], [0xC1, 0xBF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80],
            [0xE0, 0x9F, 0xBF],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5], [0xFF], [0xEF, 0xBB, 0xBF],
        ]

    mutating func text() -> [UInt8] {
        let depth = Int.random(in: 0...5, using: &random)
        return Array((blanks() + value(depth) + blanks()).utf8)
    }

    mutating func value(_ depth: Int) -> String {
        let kinds = depth > 0 ? 10 : 4
        switch Int.random(in: 0..<kinds, using: &random) {
        case 0: return random.pick(["true", "false", "null"])
        case 1: return random.pick(Self.numbers)
        case 2, 3: return string()
        case 4, 5, 6: return list("[", "]") { generator in generator.value(depth - 1) }
        default:
            return list("{", "}") { generator in
                let key = generator.string() + generator.blanks()
                return key + ":" + generator.blanks() + generator.value(depth - 1)
            }
        }
    }

    /// A text with one to three random edits.
    mutating func mutated(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let at = Int.random(in: 0...text.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: text.insert(contentsOf: random.pick(Self.noise), at: at)
            case 1 where at < text.count: text.remove(at: at)
            case 2 where at < text.count: text[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 3: text.removeSubrange(at...)
            default:
                let end = Int.random(in: at...min(text.count, at + 12), using: &random)
                text.insert(contentsOf: Array(text[at..<end]), at: at)
            }
        }
        return text
    }

    private mutating func string() -> String {
        var out = "\""
        for _ in 0..<Int.random(in: 0...3, using: &random) { out += random.pick(Self.strings) }
        return out + "\""
    }

    private mutating func blanks() -> String {
        random.chance(70)
            ? "" : random.pick([" ", "\n", "\t", "\r\n", "  \n    ", String(repeating: " ", count: 61)])
    }

    private mutating func list(
        _ open: String, _ close: String, _ element: (inout RandomJSON) -> String
    ) -> String {
        var parts: [String] = []
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            parts.append(blanks() + element(&self) + blanks())
        }
        return open + (parts.isEmpty ? blanks() : parts.joined(separator: ",")) + close
    }
}
