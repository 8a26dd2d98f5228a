import Identifiers
import Wire

/// The calls in flight on one loop. Confined to it.
struct CallTable {
    private var calls: [Int: Call] = [:]

    var count: Int { calls.count }

    mutating func insert(_ call: Call) { calls[call.requestID] = call }
    mutating func remove(_ call: Call) { calls[call.requestID] = nil }

    func past(_ now: MonotonicTime) -> [Call] { calls.values.filter { $0.deadline < now } }

    /// The call that a client knows by this raw JSON id, among those of one session or line connection.
    func find(id: [UInt8], where isSame: (Incoming.Client) -> Bool) -> Call? {
        calls.values.first { isSame($0.incoming.client) && $0.incoming.id == id }
    }

    func all(where isWanted: (Call) -> Bool) -> [Call] { calls.values.filter(isWanted) }
}
