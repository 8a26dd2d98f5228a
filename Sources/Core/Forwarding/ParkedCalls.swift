import Identifiers
import Synchronization
import Telemetry

/// The calls of all loops that wait for their modern clients to come back with answers. Used from any loop.
final class ParkedCalls: Sendable {
    private struct Shared {
        var calls: [UInt64: ParkedCall] = [:]
        var counts: [Principal: Int] = [:]
        /// The sizes of answers that wait for their clients.
        var kept: [UInt64: Int] = [:]
        var keptBytes = 0
    }

    static let maxCount = 2048
    static let maxPerPrincipal = 256
    /// Of answers that came while their clients were being asked.
    static let maxKeptBytes = 64 << 20

    /// This run of the gateway.
    let instance = UInt64.random(in: .min ... .max)
    private let shared = Mutex(Shared())
    private let account: MemoryAccount?

    /// - Parameter account: what kept answers are counted in.
    init(account: MemoryAccount? = nil) { self.account = account }

    var count: Int { shared.withLock { $0.calls.count } }

    /// - Parameter make: makes the call under the id that it is given.
    /// - Returns: nil if the principal, or all together, have too many.
    func insert(for principal: Principal, _ make: (UInt64) -> ParkedCall) -> ParkedCall? {
        shared.withLock { shared in
            let count = shared.counts[principal] ?? 0
            guard shared.calls.count < Self.maxCount, count < Self.maxPerPrincipal else { return nil }
            var id = UInt64.random(in: .min ... .max)
            while shared.calls[id] != nil { id &+= 1 }
            let call = make(id)
            shared.calls[id] = call
            shared.counts[principal] = count + 1
            return call
        }
    }

    func find(_ id: UInt64) -> ParkedCall? { shared.withLock { $0.calls[id] } }

    /// An answer waits for its client.
    /// - Returns: false if there is no room for it.
    func keep(_ bytes: Int, of call: ParkedCall) -> Bool {
        shared.withLock { shared in
            guard shared.calls[call.id] === call, shared.keptBytes + bytes <= Self.maxKeptBytes,
                account?.reserve(bytes) ?? true
            else {
                return false
            }
            shared.kept[call.id] = bytes
            shared.keptBytes += bytes
            return true
        }
    }

    func remove(_ call: ParkedCall) {
        shared.withLock { shared in
            guard shared.calls.removeValue(forKey: call.id) != nil else { return }
            let kept = shared.kept.removeValue(forKey: call.id) ?? 0
            shared.keptBytes -= kept
            account?.release(kept)
            let count = (shared.counts[call.principal] ?? 1) - 1
            shared.counts[call.principal] = count == 0 ? nil : count
        }
    }

    func all(where isWanted: (ParkedCall) -> Bool) -> [ParkedCall] {
        shared.withLock { $0.calls.values.filter(isWanted) }
    }
}
