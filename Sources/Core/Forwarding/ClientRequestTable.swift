/// What one legacy client is asked and has not answered.
struct ClientRequestTable {
    static let maxCount = 256

    private var requests: [Int: ClientRequest] = [:]
    private var lastID = 0

    var count: Int { requests.count }

    /// - Parameter make: makes the request under the id that it is given.
    /// - Returns: nil if too many are open.
    mutating func open(_ make: (Int) -> ClientRequest) -> ClientRequest? {
        guard requests.count < Self.maxCount else { return nil }
        lastID += 1
        let request = make(lastID)
        requests[lastID] = request
        return request
    }

    func find(_ id: Int) -> ClientRequest? { requests[id] }

    mutating func remove(_ id: Int) -> ClientRequest? { requests.removeValue(forKey: id) }

    var unsent: [ClientRequest] { requests.values.filter { !$0.isSent }.sorted { $0.id < $1.id } }

    mutating func removeAll() -> [ClientRequest] {
        defer { requests = [:] }
        return Array(requests.values)
    }
}
