import Wire

/// Reads the `x-mcp-header` annotations of a tool's input schema (MCP 2026-07-28, basic/transports).
///
/// An annotation holds a token, unique without regard to case, on a property of type string, integer or
/// boolean that is reached from the schema's root through `properties` only.
struct ParameterHeaderScan {
    /// Why a tool's annotations break the rules.
    enum Fault: Error, Equatable {
        /// The name is no token, or longer than `maxNameBytes`.
        case nameNotToken
        case repeatedName
        case type
        case unreachable
        case tooMany
    }

    static let maxHeaders = 64
    static let maxNameBytes = 128
    /// Schemas nested deeper are not read: each level is walked once more, and the server chooses the depth.
    static let maxDepth = 24
    private static let annotation = "x-mcp-header"
    /// Keywords whose value is a schema, or an array of schemas.
    private static let schemaKeywords: Set<String> = [
        "items", "additionalItems", "prefixItems", "unevaluatedItems", "contains", "additionalProperties",
        "unevaluatedProperties", "propertyNames", "if", "then", "else", "not", "allOf", "anyOf", "oneOf",
        "contentSchema",
    ]
    /// Keywords whose value maps names to schemas.
    private static let schemaMapKeywords: Set<String> = [
        "$defs", "definitions", "patternProperties", "dependentSchemas", "dependencies",
    ]

    private var headers: [ParameterHeader] = []
    private var names = Set<String>()

    /// - Complexity: O(schema bytes × depth), depth at most `maxDepth`.
    static func headers(in schema: JSONView) throws(Fault) -> [ParameterHeader] {
        var scan = ParameterHeaderScan()
        try scan.visit(schema, path: [], depth: 0)
        return scan.headers
    }

    /// - Parameter path: the property names from the root; nil where the schema is not reached through
    ///   `properties`.
    private mutating func visit(_ schema: JSONView, path: [String]?, depth: Int) throws(Fault) {
        guard schema.kind == .object, depth < Self.maxDepth else { return }
        for member in schema.members {
            switch member.key {
            case Self.annotation:
                try note(member.value, of: schema, path: path)
            case "properties":
                guard member.value.kind == .object else { continue }
                for property in member.value.members {
                    try visit(property.value, path: path.map { $0 + [property.key] }, depth: depth + 1)
                }
            case let key where Self.schemaKeywords.contains(key):
                try visit(member.value, path: nil, depth: depth + 1)
                guard member.value.kind == .array else { continue }
                for element in member.value.elements {
                    try visit(element, path: nil, depth: depth + 1)
                }
            case let key where Self.schemaMapKeywords.contains(key):
                guard member.value.kind == .object else { continue }
                for entry in member.value.members {
                    try visit(entry.value, path: nil, depth: depth + 1)
                }
            default:
                continue
            }
        }
    }

    private mutating func note(_ value: JSONView, of schema: JSONView, path: [String]?) throws(Fault) {
        guard let name = value.string, (1...Self.maxNameBytes).contains(name.utf8.count),
            name.utf8.allSatisfy(isTokenByte)
        else { throw .nameNotToken }
        guard let path, !path.isEmpty else { throw .unreachable }
        let kind: ParameterHeader.Kind
        switch schema["type"]?.string {
        case "string": kind = .string
        case "integer": kind = .integer
        case "boolean": kind = .boolean
        default: throw .type
        }
        guard names.insert(name.lowercased()).inserted else { throw .repeatedName }
        guard headers.count < Self.maxHeaders else { throw .tooMany }
        headers.append(ParameterHeader(name: name, path: path, kind: kind))
    }
}

/// RFC 9110, section 5.6.2: tchar.
private func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default:
        "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
