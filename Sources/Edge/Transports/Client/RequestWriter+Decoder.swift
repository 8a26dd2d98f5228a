import NIOHTTP1

extension RequestWriter.Kind {
    private static let postHead = head(.POST)
    private static let listenHead = head(.GET)
    private static let deleteHead = head(.DELETE)

    /// What the response decoder must be told before the request is sent: it matches answers with methods.
    var decoderHead: HTTPClientRequestPart {
        switch self {
        case .post: Self.postHead
        case .listen: Self.listenHead
        case .delete: Self.deleteHead
        }
    }

    private static func head(_ method: HTTPMethod) -> HTTPClientRequestPart {
        .head(HTTPRequestHead(version: .http1_1, method: method, uri: "/"))
    }
}
