import Identifiers
import Sessions
import Telemetry

/// Requests of one loop that wait for servers before they can be answered or sent on. Confined to the loop.
struct ParkedRequests: ~Copyable {
    static let maxCount = 10_000

    private var requests: [CallID: Incoming] = [:]
    private var named: [Incoming.Key: CallID] = [:]

    private var lease: MemoryLease

    init(_ account: MemoryAccount? = nil) { lease = MemoryLease(account) }

    var count: Int { requests.count }

    /// - Returns: false if too many wait already, or there is no room for its message.
    mutating func insert(_ incoming: Incoming) -> Bool {
        guard requests.count < Self.maxCount, lease.take(Self.bytes(of: incoming)) else { return false }
        requests[incoming.callID] = incoming
        if let key = incoming.key { named[key] = incoming.callID }
        return true
    }

    private static func bytes(of incoming: Incoming) -> Int {
        incoming.message.count + GatewayMemory.callBytes
    }

    /// - Returns: nil if the request was cancelled meanwhile.
    mutating func remove(_ id: CallID) -> Incoming? {
        guard let incoming = requests.removeValue(forKey: id) else { return nil }
        lease.give(Self.bytes(of: incoming))
        if let key = incoming.key, named[key] == id { named[key] = nil }
        return incoming
    }

    func find(_ key: Incoming.Key) -> CallID? { named[key] }

    func all(where isWanted: (Incoming) -> Bool) -> [CallID] {
        requests.values.filter(isWanted).map(\.callID)
    }
}

/// What the exchange of a parked request keeps, so that its client's going away is heard.
final class ParkedHold {
    let callID: CallID
    let disconnectCancels: Bool
    let reply: any Reply

    init(_ incoming: Incoming) {
        reply = incoming.reply
        callID = incoming.callID
        disconnectCancels = incoming.client.disconnectCancels
    }
}
