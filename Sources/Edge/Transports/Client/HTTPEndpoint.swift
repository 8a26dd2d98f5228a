import NIOCore

/// Where an MCP server listens over HTTP, and the header fields that every request to it carries.
package struct HTTPEndpoint: Sendable {
    package enum Problem: Error, Equatable, Sendable {
        case notAURL(String)
        case schemeNotSupported(String)
        case hostMissing(String)
        case badPort(String)
        case badPath(String)
        /// The field's name is not a token, its value has control characters, or the transport sets it
        /// itself.
        case badHeader(name: String)
    }

    /// The scheme is `https`.
    package let isEncrypted: Bool
    package let host: String
    package let port: Int
    /// The request target: path and query.
    package let target: String
    let authority: String
    /// The name that the server's certificate must be for; nil for an address, which is compared itself.
    let serverName: String?
    let headers: [(name: String, value: String)]

    /// - Parameters:
    ///   - url: `http://host[:port][/path][?query]`, or the same with `https`.
    ///   - headers: fields to add to each request; their values may be secrets and are never logged.
    package init(url: String, headers: [(name: String, value: String)] = []) throws(Problem) {
        guard let colon = url.firstRange(of: "://") else { throw .notAURL(url) }
        let scheme = url[..<colon.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { throw .schemeNotSupported(scheme) }
        isEncrypted = scheme == "https"
        let rest = url[colon.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        let authority = String(rest[..<end])
        guard !authority.contains("@"), FieldValue.isVisible(authority) else { throw .notAURL(url) }
        (host, port) = try Self.split(authority, url, defaultPort: isEncrypted ? 443 : 80)
        let isAddress = (try? SocketAddress(ipAddress: host, port: port)) != nil
        serverName = isAddress ? nil : host
        self.authority = authority
        let path = rest[end...].prefix { $0 != "#" }
        target = path.first == "/" ? String(path) : "/" + path
        guard FieldValue.isVisible(target) else { throw .badPath(url) }
        for (name, value) in headers {
            guard FieldValue.isToken(name), FieldValue.isSafe(value),
                !Self.ownFields.contains(name.lowercased())
            else { throw .badHeader(name: name) }
        }
        self.headers = headers
    }

    private static let ownFields: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "content-type", "accept", "expect",
        "upgrade",
        "te", "trailer", "mcp-session-id", "mcp-protocol-version", "mcp-method", "mcp-name", "last-event-id",
    ]

    private static func split(
        _ authority: String, _ url: String, defaultPort: Int
    ) throws(Problem) -> (String, Int) {
        var host = authority[...]
        var port: Substring?
        if host.first == "[" {
            guard let close = host.firstIndex(of: "]") else { throw .notAURL(url) }
            let after = host[host.index(after: close)...]
            guard after.isEmpty || after.first == ":" else { throw .notAURL(url) }
            port = after.isEmpty ? nil : after.dropFirst()
            host = host[host.index(after: host.startIndex)..<close]
        } else if let colon = host.firstIndex(of: ":") {
            port = host[host.index(after: colon)...]
            host = host[..<colon]
        }
        guard !host.isEmpty else { throw .hostMissing(url) }
        guard let port, !port.isEmpty else { return (String(host), defaultPort) }
        guard let number = UInt16(port), number > 0 else { throw .badPort(url) }
        return (String(host), Int(number))
    }
}
