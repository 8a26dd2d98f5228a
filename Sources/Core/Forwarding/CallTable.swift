import Identifiers
import Wire

/// The calls in flight on one loop. Confined to it.
struct CallTable {
    private var calls: [Int: Call] = [:]
    /// Only of clients that can name a request of theirs, to cancel it.
    private var named: [Incoming.Key: Int] = [:]

    var count: Int { calls.count }

    mutating func insert(_ call: Call) {
        calls[call.requestID] = call
        if let key = call.key { named[key] = call.requestID }
    }

    mutating func remove(_ call: Call) {
        guard calls.removeValue(forKey: call.requestID) != nil, let key = call.key else { return }
        // A client that reuses the id of a request in flight can name only the later one.
        if named[key] == call.requestID { named[key] = nil }
    }

    func past(_ now: MonotonicTime) -> [Call] { calls.values.filter { $0.deadline < now } }

    /// - Complexity: O(1), expected.
    func find(_ key: Incoming.Key) -> Call? { named[key].flatMap { calls[$0] } }

    func all(where isWanted: (Call) -> Bool) -> [Call] { calls.values.filter(isWanted) }

    var all: [Call] { Array(calls.values) }
}
