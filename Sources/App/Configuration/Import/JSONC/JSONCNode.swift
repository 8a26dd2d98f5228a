/// A value of a JSON document with comments, and where it stands in the text.
struct JSONCNode: Sendable {
    indirect enum Content: Sendable {
        case object([JSONCMember])
        case array([JSONCNode])
        case string(String)
        /// As written.
        case number(String)
        case boolean(Bool)
        case null
    }

    var content: Content
    /// In bytes, with quotes and brackets.
    var range: Range<Int>

    var members: [JSONCMember]? {
        if case .object(let members) = content { members } else { nil }
    }

    var string: String? {
        if case .string(let text) = content { text } else { nil }
    }

    var boolean: Bool? {
        if case .boolean(let value) = content { value } else { nil }
    }

    var number: Double? {
        if case .number(let text) = content { Double(text) } else { nil }
    }

    var elements: [JSONCNode]? {
        if case .array(let elements) = content { elements } else { nil }
    }

    /// The value of a key; of a key that is there twice, the last, as the clients read it.
    subscript(key: String) -> JSONCNode? { members?.last { $0.key == key }?.value }
}
