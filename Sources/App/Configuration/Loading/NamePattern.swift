/// The names of servers and profiles: `[a-z0-9][a-z0-9-]{0,23}`.
enum NamePattern {
    static let maximumLength = 24

    static func matches(_ name: String) -> Bool {
        let bytes = name.utf8
        guard let first = bytes.first, bytes.count <= maximumLength, first != UInt8(ascii: "-") else {
            return false
        }
        return bytes.allSatisfy {
            (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "-")
        }
    }

    /// The nearest name that fits: lower case, everything else a hyphen, no two in a row and none at the
    /// ends.
    static func adapted(_ name: String) -> String {
        var adapted = ""
        for scalar in name.lowercased().unicodeScalars {
            let fits = scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
            if fits {
                adapted.unicodeScalars.append(scalar)
            } else if !adapted.isEmpty, !adapted.hasSuffix("-") {
                adapted += "-"
            }
        }
        return trimmed(adapted, to: maximumLength)
    }

    /// The name with a number after it, not longer than a name may be.
    static func numbered(_ name: String, _ number: Int) -> String {
        let suffix = "-\(number)"
        return trimmed(name, to: maximumLength - suffix.count) + suffix
    }

    private static func trimmed(_ name: String, to length: Int) -> String {
        var name = String(name.prefix(length))
        while name.hasSuffix("-") { name.removeLast() }
        return name.isEmpty ? "server" : name
    }
}
