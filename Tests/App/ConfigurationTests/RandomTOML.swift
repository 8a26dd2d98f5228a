import TestSupport

/// Writes random valid TOML: tables, dotted and quoted keys, arrays of tables, every kind of value and
/// layout.
struct RandomTOML {
    private var random: SeededGenerator
    private var serial = 0

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func document() -> String {
        let lineBreak = chance(4) ? "\r\n" : "\n"
        var text = chance(5) ? "\u{FEFF}" : ""
        text += pairs()
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let name = key()
            if chance(3) {
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    text += "[[\(name)]]\(comment())\n" + pairs()
                    if chance(2) { text += " [ \(name) . \(key()) ]\n" + pairs() }
                    if chance(3) { text += "[[\(name).\(key())]]\n" + pairs() }
                }
            } else {
                text += "[\(name)]\(comment())\n" + pairs()
                if chance(2) { text += "[\(name).\(key()).\(key())]\n" + pairs() }
            }
        }
        return text.replacing("\n", with: lineBreak)
    }

    private mutating func pairs() -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let indent = String(repeating: " ", count: Int.random(in: 0...3, using: &random))
            text += "\(indent)\(dotted())\(chance(2) ? " = " : "=")\(value(depth: 0))\(comment())\n"
            if chance(5) { text += "\n# [not.a.header] = \"x\n" }
        }
        return text
    }

    private mutating func dotted() -> String {
        chance(4) ? "\(key()) . \(key())" : chance(4) ? "\(key()).\(key()).\(key())" : key()
    }

    /// No two are the same, so that no table is defined twice.
    private mutating func key() -> String {
        serial += 1
        switch Int.random(in: 0...4, using: &random) {
        case 0: return "\"k \(serial)\""
        case 1: return "'k.\(serial)'"
        case 2: return "\"k\\u00e9\\\"\(serial)\""
        default: return "k-\(serial)_"
        }
    }

    private mutating func value(depth: Int) -> String {
        switch Int.random(in: 0...(depth < 3 ? 13 : 9), using: &random) {
        case 0, 1: return "\(Int.random(in: -1000...1000, using: &random))"
        case 2: return chance(2) ? "true" : "false"
        case 3: return chance(2) ? "1.5e3" : "-0.25"
        case 4: return "1979-05-27\(chance(2) ? " " : "T")07:32:00Z"
        case 5: return "\"q \\\" # ] } \\\\\""
        case 6: return "'lit # \\'"
        case 7: return "\"\"\"\nm = 1\n[x]\n\"quoted\"\"\"\""
        case 8: return "'''l\n''k = 2''''"
        case 9: return "\"üñ日本\""
        case 10, 11: return array(depth: depth)
        default: return inlineTable(depth: depth)
        }
    }

    private mutating func array(depth: Int) -> String {
        let isLong = chance(2)
        let elements = (0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth: depth + 1) }
        guard isLong, !elements.isEmpty else { return "[\(elements.joined(separator: ","))]" }
        return "[ # ]\n  " + elements.joined(separator: " , # , ]\n  ") + (chance(2) ? ",\n]" : "\n]")
    }

    private mutating func inlineTable(depth: Int) -> String {
        let members = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            "\(dotted()) = \(value(depth: depth + 1))"
        }
        return "{ \(members.joined(separator: ", ")) }"
    }

    private mutating func comment() -> String { chance(4) ? " # c = [1, \"" : "" }

    private mutating func chance(_ outOf: Int) -> Bool { Int.random(in: 0..<outOf, using: &random) == 0 }
}
