extension ConfigurationReader {
    /// `file:…`, `env:…` or `command:…`.
    func secretSource(_ node: TOMLNode, _ key: String, _ section: SectionReader) -> SecretSource? {
        guard let text = section.text(node, section.path(key)) else { return nil }
        let rest = text.value.drop { $0 != ":" }.dropFirst()
        let kind = text.value.prefix { $0 != ":" }
        let inner = ExpandedText(
            value: String(rest), written: String(text.written.drop { $0 != ":" }.dropFirst()),
            variables: text.variables)
        switch kind {
        case "file" where !rest.isEmpty: return .file(inner)
        case "command" where !rest.isEmpty: return .command(inner)
        case "env" where TextExpansion.isVariableName(rest): return .environment(String(rest))
        default:
            // What was written here may be the key itself, so it is not repeated.
            collector.error(
                node.location.value, "`\(section.path(key))` must be file:PATH, env:NAME or command:LINE",
                suggestion: "the key itself does not belong in the file")
            return nil
        }
    }
}
