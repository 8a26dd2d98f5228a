/// What may stand in an HTTP header field (RFC 9110, section 5).
enum HeaderField {
    /// Names that belong to the connection or to the protocol, and so to the gateway.
    static let ownNames: Set<String> = [
        "host", "connection", "content-length", "content-type", "transfer-encoding", "upgrade", "te",
        "trailer",
        "expect", "accept", "mcp-session-id", "mcp-protocol-version", "mcp-method", "mcp-name",
        "last-event-id",
    ]

    /// A token.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 94...122, 33, 35...39, 42, 43, 45, 46, 124, 126: true
                default: false
                }
            }
    }

    /// Visible characters, spaces and tabs.
    static func isValue(_ value: String) -> Bool {
        value.utf8.allSatisfy { $0 == 9 || ($0 >= 32 && $0 != 127) }
    }
}
