/// The names under which clients see tools and prompts: `<server>__<tool>`, matching `[A-Za-z0-9_-]{1,64}`.
///
/// Every other character becomes `_`. A name over 64 bytes is cut and ends with `_` and 8 hexadecimal digits
/// of `StableHash` over server, a zero byte, and the tool's name as the server wrote it. Names of one server
/// that become the same are told apart by the same ending. Two servers never meet: the prefix comes from the
/// configuration and holds no `_`.
package enum ExposedName {
    package static let maxBytes = 64
    static let separator = "__"
    /// `_` and 8 digits.
    private static let endingBytes = 9
    private static let maxAttempts: UInt8 = 16

    /// A tool or prompt that wants a name.
    struct Claim {
        /// As the server wrote it; unique among the claims.
        let upstream: String
        /// The operator's new name for it.
        let rename: String?
    }

    /// How strong a claim to its plain name is; the lower wins, and a tie wins nothing.
    private enum Strength: Int {
        case renamed, unchanged, replaced, cut
    }

    /// The names for one server's items, in the order of the claims; nil for an item that could not be named.
    ///
    /// The plain name goes to the one item that the operator renamed to it, else to the one that is called
    /// so; where there are none or several such items, all get the ending. So the result depends on the set
    /// of the names only.
    /// - Complexity: O(bytes of the names), expected.
    static func assign(server: String, _ claims: [Claim]) -> [String?] {
        let plain = claims.map { plainName(server: server, $0) }
        var holders: [String: (strength: Strength, claim: Int?)] = [:]
        for (index, (name, strength)) in plain.enumerated() where strength != .cut {
            guard let holder = holders[name] else {
                holders[name] = (strength, index)
                continue
            }
            if strength.rawValue < holder.strength.rawValue {
                holders[name] = (strength, index)
            } else if strength == holder.strength {
                holders[name] = (strength, nil)
            }
        }
        var names = [String?](repeating: nil, count: claims.count)
        var taken = Set<String>()
        for (name, holder) in holders {
            guard let index = holder.claim else { continue }
            names[index] = name
            taken.insert(name)
        }
        let others = claims.indices.filter { names[$0] == nil }
            .sorted { claims[$0].upstream.utf8.lexicographicallyPrecedes(claims[$1].upstream.utf8) }
        for index in others {
            let start = plain[index].name.prefix(maxBytes - endingBytes)
            names[index] = (0..<maxAttempts).lazy
                .map { start + ending(server: server, claims[index].upstream, attempt: $0) }
                .first { taken.insert($0).inserted }
        }
        return names
    }

    private static func plainName(server: String, _ claim: Claim) -> (name: String, strength: Strength) {
        let wanted = claim.rename ?? claim.upstream
        var name = server + separator
        var isChanged = false
        for scalar in wanted.unicodeScalars {
            if isAllowed(scalar) {
                name.unicodeScalars.append(scalar)
            } else {
                name.append("_")
                isChanged = true
            }
        }
        if name.utf8.count > maxBytes { return (name, .cut) }
        return (name, isChanged ? .replaced : claim.rename == nil ? .unchanged : .renamed)
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }

    /// - Parameter attempt: 0 unless two endings of one server are the same, which a server can bring about
    ///   on purpose.
    private static func ending(server: String, _ upstream: String, attempt: UInt8) -> String {
        var hash = StableHash()
        if attempt > 0 { hash.combine(attempt) }
        hash.combine(server)
        hash.combine(0)
        hash.combine(upstream)
        let digits = String(hash.folded, radix: 16)
        return "_" + String(repeating: "0", count: 8 - digits.count) + digits
    }
}
