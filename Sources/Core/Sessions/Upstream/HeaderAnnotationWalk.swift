import Wire

/// What is wrong with an `x-mcp-header` annotation of a tool's input schema.
package enum HeaderAnnotationError: Error, Hashable, Sendable {
    /// It stands where no chain of `properties` leads.
    case unreachable
    case notAToken(path: [String])
    /// The property is no integer, string or boolean.
    case wrongType(path: [String])
    /// Two properties ask for the same header field.
    case duplicate(name: String)
    /// The schema is nested too deeply or has too many annotations to be trusted.
    case tooComplex
}

/// Finds the `x-mcp-header` annotations of a JSON Schema without following references.
struct HeaderAnnotationWalk {
    static let maxDepth = 64
    static let maxFields = 64

    private(set) var fields: [ParameterHeaders.Field] = []
    private var names: Set<String> = []

    /// - Parameter path: the keys that lead to this schema through `properties` alone; nil if nothing does.
    mutating func visit(_ schema: JSONView, path: [String]?, depth: Int) throws(HeaderAnnotationError) {
        guard schema.kind == .object else { return }
        guard depth < Self.maxDepth else { throw .tooComplex }
        for (keyword, _, value) in schema.members {
            switch keyword {
            case "x-mcp-header": try take(value, of: schema, path: path)
            case "properties":
                guard value.kind == .object else { continue }
                for (name, _, child) in value.members {
                    try visit(child, path: path.map { $0 + [name] }, depth: depth + 1)
                }
            case "items", "contains", "unevaluatedItems", "additionalProperties", "propertyNames",
                "unevaluatedProperties", "not", "if", "then", "else", "contentSchema":
                try visit(value, path: nil, depth: depth + 1)
            case "allOf", "anyOf", "oneOf", "prefixItems":
                guard value.kind == .array else { continue }
                for child in value.elements { try visit(child, path: nil, depth: depth + 1) }
            case "patternProperties", "dependentSchemas", "$defs", "definitions":
                guard value.kind == .object else { continue }
                for (_, _, child) in value.members { try visit(child, path: nil, depth: depth + 1) }
            default: continue
            }
        }
    }

    private mutating func take(
        _ annotation: JSONView, of schema: JSONView, path: [String]?
    ) throws(HeaderAnnotationError) {
        guard let path, !path.isEmpty else { throw .unreachable }
        guard let name = annotation.string, Self.isToken(name) else { throw .notAToken(path: path) }
        let type = schema["type"]?.string
        guard type == "integer" || type == "string" || type == "boolean" else { throw .wrongType(path: path) }
        guard names.insert(name.lowercased()).inserted else { throw .duplicate(name: name) }
        guard fields.count < Self.maxFields else { throw .tooComplex }
        fields.append(ParameterHeaders.Field(name: name, path: path, isInteger: type == "integer"))
    }

    /// RFC 9110, 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 128
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: tokenSymbols.contains(byte)
                }
            }
    }

    private static let tokenSymbols = Set("!#$%&'*+-.^_`|~".utf8)
}
