/// A tool parameter that is mirrored in an `Mcp-Param-<name>` header field (`x-mcp-header` in the input
/// schema).
package struct ParameterHeader: Hashable, Sendable {
    package enum Kind: UInt8, Sendable { case string, integer, boolean }

    /// The part of the field name after `Mcp-Param-`, as annotated; a token of RFC 9110.
    package var name: String
    /// The member names that lead from the arguments object to the value; never empty.
    package var path: [String]
    package var kind: Kind

    package init(name: String, path: [String], kind: Kind) {
        self.name = name
        self.path = path
        self.kind = kind
    }
}
