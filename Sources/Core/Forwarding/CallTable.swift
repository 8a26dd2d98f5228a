import Identifiers
import Telemetry
import Wire

/// The calls in flight on one loop. Confined to it.
struct CallTable: ~Copyable {
    private var calls: [Int: Call] = [:]
    /// Only of clients that can name a request of theirs, to cancel it.
    private var named: [Incoming.Key: Int] = [:]

    private var lease: MemoryLease

    init(_ account: MemoryAccount? = nil) { lease = MemoryLease(account) }

    var count: Int { calls.count }

    /// - Returns: false if there is no room for its message.
    mutating func insert(_ call: Call) -> Bool {
        guard lease.take(Self.bytes(of: call)) else { return false }
        calls[call.requestID] = call
        if let key = call.key { named[key] = call.requestID }
        return true
    }

    private static func bytes(of call: Call) -> Int {
        call.incoming.message.count + GatewayMemory.callBytes
    }

    mutating func remove(_ call: Call) {
        guard calls.removeValue(forKey: call.requestID) != nil else { return }
        lease.give(Self.bytes(of: call))
        guard let key = call.key else { return }
        // A client that reuses the id of a request in flight can name only the later one.
        if named[key] == call.requestID { named[key] = nil }
    }

    func past(_ now: MonotonicTime) -> [Call] { calls.values.filter { $0.deadline < now } }

    /// - Complexity: O(1), expected.
    func find(_ key: Incoming.Key) -> Call? { named[key].flatMap { calls[$0] } }

    func all(where isWanted: (Call) -> Bool) -> [Call] { calls.values.filter(isWanted) }

    var all: [Call] { Array(calls.values) }
}
