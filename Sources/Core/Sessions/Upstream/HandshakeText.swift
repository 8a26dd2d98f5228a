import Wire

/// Reads what handshake answers say about revisions.
enum HandshakeText {
    /// More revisions than these are not looked at.
    static let maxVersions = 32

    static func versions(_ array: JSONView) -> [String] {
        guard array.kind == .array else { return [] }
        return array.elements.prefix(maxVersions).compactMap(\.string).filter { $0.utf8.count <= 64 }
    }

    static func newest(of versions: [String], in era: Era) -> ProtocolVersion? {
        versions.compactMap { ProtocolVersion($0) }.filter { $0.era == era }.max()
    }

    /// The most characters of a peer's own words that are kept.
    static func shortened(_ text: String) -> String {
        text.count <= 256 ? text : text.prefix(256) + "..."
    }
}
