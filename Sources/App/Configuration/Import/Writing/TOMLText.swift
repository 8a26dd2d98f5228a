/// Pieces of TOML as Attune writes them.
enum TOMLText {
    /// A basic string; what JSON escapes, TOML escapes in the same way.
    static func quoted(_ text: String) -> String { JSONText.quoted(text) }

    /// A key, in quotes only where it needs them.
    static func key(_ key: String) -> String {
        let isBare = key.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
        return isBare && !key.isEmpty ? key : quoted(key)
    }

    static func array(_ texts: [String]) -> String { "[" + texts.map(quoted).joined(separator: ", ") + "]" }

    static func inlineTable(_ pairs: [ClientEntry.Pair]) -> String {
        let members = pairs.map { "\(key($0.key)) = \(quoted($0.value))" }
        return members.isEmpty ? "{}" : "{ " + members.joined(separator: ", ") + " }"
    }
}
