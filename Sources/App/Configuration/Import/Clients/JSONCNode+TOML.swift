extension JSONCNode {
    /// A TOML value as the same value in JSON, with its place in the TOML text.
    init(_ node: TOMLNode) {
        range = node.location.value
        switch node.content {
        case .string(let text): content = .string(text)
        case .integer(let number): content = .number(String(number))
        case .number(let number): content = .number(String(number))
        case .boolean(let value): content = .boolean(value)
        case .date: content = .null
        case .array(let elements): content = .array(elements.map { JSONCNode($0) })
        case .table(let entries):
            content = .object(
                entries.map {
                    JSONCMember(key: $0.key, keyRange: $0.node.location.key, value: JSONCNode($0.node))
                })
        }
    }
}
