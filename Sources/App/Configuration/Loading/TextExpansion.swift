/// Fills in the references of a string: `${env:NAME}`, `${env:NAME:-default}`, and where secrets have a place
/// `${file:PATH}` and `${command:LINE}`; `$${` stands for `${`.
enum TextExpansion {
    enum Fault: Error, Equatable, Sendable {
        case missing(name: String, reference: String)
        case malformed(reference: String)
        /// A secret where none has a place.
        case misplaced(reference: String)
        case unreadable(reference: String, SecretFault)
    }

    /// - Throws: the first reference that cannot be filled in. An empty variable counts as one that is set,
    ///   except where there is a default, as in a shell.
    /// - Parameter secrets: gives the text of a reference to one; nil keeps it as it is written.
    static func expand(
        _ written: String, environment: [String: String], references: SecretReferences = .refused,
        secrets: SecretReading? = nil
    ) throws(Fault) -> ExpandedText {
        guard written.contains("${") else { return ExpandedText(written) }
        var value = ""
        var variables: [String] = []
        var rest = written[...]
        while let dollar = rest.firstIndex(of: "$") {
            value += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                value += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}") else {
                    throw .malformed(reference: String(rest.prefix(40)))
                }
                let reference = rest[...end]
                if let secret = secret(reference) {
                    value += try fill(secret, reference, references, secrets)
                    variables.append(secret)
                } else {
                    value += try fill(reference, environment: environment, &variables)
                }
                rest = rest[rest.index(after: end)...]
            } else {
                value += "$"
                rest = rest.dropFirst()
            }
        }
        return ExpandedText(value: value + rest, written: written, variables: variables)
    }

    /// The text that stands for itself, whatever is in it.
    static func escape(_ literal: String) -> String {
        var escaped = ""
        var rest = literal[...]
        while let dollar = rest.firstIndex(of: "$") {
            escaped += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("${") {
                escaped += "$${"
                rest = rest.dropFirst(2)
            } else {
                escaped += "$"
                rest = rest.dropFirst()
            }
        }
        return escaped + rest
    }

    /// A name as POSIX has them: a letter or `_`, then letters, digits and `_`.
    static func isVariableName(_ name: some StringProtocol) -> Bool {
        guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
        return name.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 95
        }
    }

    /// What a reference to a secret says between its brackets.
    private static func secret(_ reference: Substring) -> String? {
        let inner = reference.dropFirst(2).dropLast()
        return ["file:", "command:"].contains { inner.hasPrefix($0) && inner.count > $0.count }
            ? String(inner) : nil
    }

    private static func fill(
        _ secret: String, _ reference: Substring, _ references: SecretReferences, _ secrets: SecretReading?
    ) throws(Fault) -> String {
        switch references {
        case .refused: throw .misplaced(reference: String(reference))
        case .kept: return String(reference)
        case .read:
            switch secrets?.text(secret) {
            case .success(let text)?: return text
            case .failure(let fault)?: throw .unreadable(reference: String(reference), fault)
            case nil: return String(reference)
            }
        }
    }

    private static func fill(
        _ reference: Substring, environment: [String: String], _ variables: inout [String]
    ) throws(Fault) -> String {
        let inner = reference.dropFirst(2).dropLast()
        guard inner.hasPrefix("env:") else { throw .malformed(reference: String(reference)) }
        let body = inner.dropFirst(4)
        let name = body.firstIndex(of: ":").map { body[..<$0] } ?? body
        let tail = body[name.endIndex...]
        guard isVariableName(name), tail.isEmpty || tail.hasPrefix(":-") else {
            throw .malformed(reference: String(reference))
        }
        let found = environment[String(name)]
        if let found, tail.isEmpty || !found.isEmpty {
            variables.append(String(name))
            return found
        }
        guard !tail.isEmpty else { throw .missing(name: String(name), reference: String(reference)) }
        return String(tail.dropFirst(2))
    }
}
