import Wire

/// The `Mcp-Param-*` header fields that a tool's input schema asks for with `x-mcp-header` (2026-07-28,
/// basic/transports, "Custom headers").
package struct ParameterHeaders: Hashable, Sendable {
    /// One annotated property.
    package struct Field: Hashable, Sendable {
        /// What follows `Mcp-Param-`.
        package var name: String
        /// The keys from the arguments' root to the value.
        package var path: [String]
        package var isInteger: Bool

        package init(name: String, path: [String], isInteger: Bool) {
            self.name = name
            self.path = path
            self.isInteger = isInteger
        }
    }

    package let fields: [Field]

    /// A field's state in a body: there, or not there, or of a type that no header field carries.
    private enum Value {
        case absent, unrenderable
        case text(String)
    }

    package init(_ fields: [Field]) { self.fields = fields }

    /// The header fields of a call: those that the arguments ask for, and what the client sent besides.
    /// - Parameter sent: the client's own `Mcp-Param-*` fields; those that the tool knows are made anew.
    package func values(
        arguments: JSONView?, beside sent: [(name: String, value: String)]
    ) -> [(name: String, value: String)] {
        let own = values(arguments: arguments)
        guard !sent.isEmpty else { return own }
        return own
            + sent.filter { field in !fields.contains { $0.name.lowercased() == field.name.lowercased() } }
    }

    /// The header fields of a call with these arguments.
    package func values(arguments: JSONView?) -> [(name: String, value: String)] {
        fields.compactMap { field in
            guard case .text(let text) = Self.value(of: field, in: arguments) else { return nil }
            return (field.name, HeaderValue.encode(text))
        }
    }

    /// Compares what a client sent with the arguments of its call.
    package func refusal(
        sent: [(name: String, value: String)], arguments: JSONView?
    ) -> Refusal? {
        for field in fields {
            let values = sent.filter { $0.name.lowercased() == field.name.lowercased() }.map(\.value)
            let matches: Bool =
                switch Self.value(of: field, in: arguments) {
                case .absent, .unrenderable: values.isEmpty
                case .text(let text):
                    values.count == 1
                        && HeaderValue.decode(values[0]).map { Self.equal($0, text, field.isInteger) } == true
                }
            if !matches { return .parameterHeaderMismatch(name: field.name) }
        }
        return nil
    }

    /// Integers are compared as numbers, so that `42.0` and `042` equal `42`.
    private static func equal(_ sent: String, _ text: String, _ isInteger: Bool) -> Bool {
        if sent == text { return true }
        guard isInteger, let left = integer(sent), let right = integer(text) else { return false }
        return left == right
    }

    private static func integer(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, parts[1].isEmpty || !parts[1].utf8.allSatisfy({ $0 == 0x30 }) { return nil }
        return parts[0].hasPrefix("+") ? nil : Int64(parts[0])
    }

    private static func value(of field: Field, in arguments: JSONView?) -> Value {
        var view = arguments
        for key in field.path {
            guard let object = view, object.kind == .object else { return .absent }
            view = object.member(key)
        }
        guard let view, !view.isNull else { return .absent }
        switch view.kind {
        case .string: return view.string.map { .text($0) } ?? .unrenderable
        case .bool: return view.bool.map { .text($0 ? "true" : "false") } ?? .unrenderable
        case .number: return number(view)
        default: return .unrenderable
        }
    }

    private static func number(_ view: JSONView) -> Value {
        if let integer = view.int { return .text(String(integer)) }
        if let double = view.double, let integer = Int64(exactly: double) { return .text(String(integer)) }
        return .text(String(decoding: view.raw, as: UTF8.self))
    }
}
