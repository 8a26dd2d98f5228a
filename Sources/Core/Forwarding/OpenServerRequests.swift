/// The requests of one link's server that have no answer yet.
struct OpenServerRequests {
    static let maxCount = 128

    private var requests: [[UInt8]: ServerRequest] = [:]
    private var isClosed = false

    var count: Int { requests.count }

    enum Verdict { case taken, repeated, duplicate, full, closed }

    mutating func insert(_ request: ServerRequest) -> Verdict {
        if isClosed { return .closed }
        if let known = requests[request.id] {
            // A stream that goes on may repeat what it has sent.
            return known.message == request.message ? .repeated : .duplicate
        }
        guard requests.count < Self.maxCount else { return .full }
        requests[request.id] = request
        return .taken
    }

    mutating func remove(_ request: ServerRequest) {
        if requests[request.id] === request { requests[request.id] = nil }
    }

    func find(_ id: [UInt8]) -> ServerRequest? { requests[id] }

    /// From now on no request is taken.
    mutating func close() -> [ServerRequest] {
        isClosed = true
        defer { requests = [:] }
        return Array(requests.values)
    }
}
