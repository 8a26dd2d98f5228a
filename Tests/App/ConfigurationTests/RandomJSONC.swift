import TestSupport

/// Writes random JSON twice: plain, and with comments, trailing commas and odd white space.
struct RandomJSONC {
    var random: SeededGenerator
    private var serial = 0

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func document() -> (plain: String, commented: String) {
        let (plain, commented) = value(depth: 0)
        return (plain, (chance(5) ? "\u{FEFF}" : "") + blank() + commented + blank())
    }

    mutating func value(depth: Int) -> (plain: String, commented: String) {
        switch Int.random(in: 0...(depth < 4 ? 9 : 5), using: &random) {
        case 0: return both(["null", "true", "false"].randomElement(using: &random) ?? "null")
        case 1: return both("\(Int.random(in: -99...99, using: &random))")
        case 2: return both("-1.5e2")
        case 3, 4, 5: return both(string())
        case 6, 7: return list("[", "]", (0..<count()).map { _ in value(depth: depth + 1) })
        default:
            return list(
                "{", "}",
                (0..<count()).map { _ in
                    let key = key()
                    let (plain, commented) = value(depth: depth + 1)
                    return ("\(key):\(plain)", "\(key)\(blank()):\(blank())\(commented)")
                })
        }
    }

    /// White space and comments, perhaps none.
    mutating func blank() -> String {
        let pieces = ["", "", " ", "\t", "\n", "\r\n", "// \"x\": {\n", "/* ] } */", "//\r\n", "/**/"]
        return (0..<Int.random(in: 0...2, using: &random)).map { _ in
            pieces.randomElement(using: &random) ?? ""
        }.joined()
    }

    mutating func chance(_ outOf: Int) -> Bool { Int.random(in: 0..<outOf, using: &random) == 0 }

    private func both(_ text: String) -> (plain: String, commented: String) { (text, text) }

    private mutating func count() -> Int { Int.random(in: 0...3, using: &random) }

    private mutating func key() -> String {
        serial += 1
        return "\"k\\u00e9\(serial)\""
    }

    private mutating func string() -> String {
        ["\"\"", "\"a // b\"", "\"\\\"/*\\\\\"", "\"ü\\n\\ud83d\\ude00\"", "\"}]\"", "\"\\/\""]
            .randomElement(using: &random) ?? "\"\""
    }

    private mutating func list(
        _ open: String, _ close: String, _ items: [(plain: String, commented: String)]
    ) -> (plain: String, commented: String) {
        let commented = items.map { blank() + $0.commented + blank() }.joined(separator: ",")
        let tail = items.isEmpty || !chance(3) ? "" : "," + blank()
        return (
            open + items.map(\.plain).joined(separator: ",") + close,
            open + commented + tail + blank() + close
        )
    }
}
