import NIOHTTP1

/// A request that named a host or an origin that is not served.
package struct ForeignRequest: Equatable, Sendable {
    /// Who asks this way is not trusted with the size of what is kept of it.
    private static let mostBytes = 256

    package let status: Int
    /// Without the query.
    package let path: String
    /// With the host or origin that was named.
    package let reason: String

    /// Nil for a request that was refused for something else.
    init?(_ head: HTTPRequestHead, _ refusal: HTTPRefusal) {
        let field: String
        switch refusal {
        case .hostNotAllowed: field = "host"
        case .originNotAllowed: field = "origin"
        default: return nil
        }
        status = refusal.status
        path = Self.bounded(head.uri.prefix { $0 != "?" })
        reason = "\(refusal.message): \(Self.bounded((head.headers.first(name: field) ?? "")[...]))"
    }

    private static func bounded(_ text: Substring) -> String {
        String(decoding: text.utf8.prefix(mostBytes), as: UTF8.self)
    }
}
