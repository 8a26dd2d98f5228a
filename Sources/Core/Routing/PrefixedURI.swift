/// `attune-<server>+<uri>`: a URI that names its server, for URIs that several servers list.
enum PrefixedURI {
    private static let scheme = "attune-"

    static func prefix(server: String) -> String { scheme + server + "+" }

    /// The server's name and the server's own URI; nil if the URI has no such prefix.
    static func split(_ uri: String) -> (server: String, uri: String)? {
        guard uri.utf8.starts(with: scheme.utf8) else { return nil }
        let rest = uri.utf8.dropFirst(scheme.utf8.count)
        guard let plus = rest.firstIndex(of: UInt8(ascii: "+")) else { return nil }
        return (String(uri[rest.startIndex..<plus]), String(uri[rest.index(after: plus)...]))
    }
}
