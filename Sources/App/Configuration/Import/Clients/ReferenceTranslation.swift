/// Turns a client's string into Attune's: references become `${env:NAME}`, everything else stands for itself.
struct ReferenceTranslation: Sendable {
    var references: Set<ReferenceForm>
    var home: String
    /// What `${workspaceFolder}` stands for.
    var workspace: String
    /// What a person should know, each a sentence.
    private(set) var notices: [String] = []
    /// The variables that the result needs.
    private(set) var variables: [String] = []

    init(references: Set<ReferenceForm>, home: String, workspace: String) {
        self.references = references
        self.home = home
        self.workspace = workspace
    }

    mutating func translate(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("${"), let end = rest.firstIndex(of: "}") {
                let reference = rest[...end]
                result += braced(reference)
                rest = rest[end...].dropFirst()
            } else if references.contains(.bare), let name = Self.name(rest.dropFirst()) {
                result += environment(name)
                rest = rest.dropFirst(1 + name.count)
            } else {
                result += rest.hasPrefix("${") ? "$${" : "$"
                rest = rest.dropFirst(rest.hasPrefix("${") ? 2 : 1)
            }
        }
        return result + rest
    }

    private mutating func braced(_ reference: Substring) -> String {
        let inner = reference.dropFirst(2).dropLast()
        if inner.hasPrefix("env:"), references.contains(.prefixed),
            let name = Self.name(inner.dropFirst(4)), name.count == inner.count - 4
        {
            return environment(name)
        }
        if inner.hasPrefix("input:"), references.contains(.input) { return input(inner.dropFirst(6)) }
        if references.contains(.folders), let folder = folder(inner) { return folder }
        if references.contains(.braces), let name = Self.name(inner) {
            let tail = inner.dropFirst(name.count)
            if tail.isEmpty { return environment(name) }
            if tail.hasPrefix(":-") {
                variables.append(String(name))
                return "${env:\(name)\(tail)}"
            }
        }
        if !references.isEmpty {
            notices.append("\(reference) is not translated: it stays as plain text")
        }
        return TextExpansion.escape(String(reference))
    }

    private mutating func environment(_ name: Substring) -> String {
        variables.append(String(name))
        return "${env:\(name)}"
    }

    private mutating func input(_ identifier: Substring) -> String {
        var name = String(identifier.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
            .uppercased()
        if !TextExpansion.isVariableName(name) { name = "INPUT_" + name }
        variables.append(name)
        notices.append(
            "${input:\(identifier)} asks a person; Attune reads the environment variable \(name) instead")
        return "${env:\(name)}"
    }

    private func folder(_ name: Substring) -> String? {
        switch name {
        case "workspaceFolder": TextExpansion.escape(workspace)
        case "workspaceFolderBasename":
            TextExpansion.escape(workspace.split(separator: "/").last.map(String.init) ?? "")
        case "userHome": TextExpansion.escape(home)
        case "pathSeparator", "/": "/"
        default: nil
        }
    }

    /// The longest name of a variable at the start of the text.
    private static func name(_ text: Substring) -> Substring? {
        let name = text.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return TextExpansion.isVariableName(name) && !name.isEmpty ? name : nil
    }
}
