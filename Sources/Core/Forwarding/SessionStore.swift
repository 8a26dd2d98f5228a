import Identifiers
import Sessions
import Synchronization

/// The legacy sessions of all loops: bounded, expiring when idle. Used from any loop.
final class SessionStore: Sendable {
    static let maxSessions = 65_536
    static let idleMilliseconds = 30 * 60 * 1000
    private static let shardCount = 16

    private struct Shard {
        var sessions: [String: LegacySession] = [:]
    }

    // One lock a shard, so that loops seldom meet.
    private final class Box: Sendable {
        let shard = Mutex(Shard())
    }

    private let shards = (0..<shardCount).map { _ in Box() }
    private let count = Mutex(0)

    /// - Parameter request: nil for a stream whose client has yet to send `initialize`.
    /// - Returns: nil when the store is full.
    func open(
        _ request: InitializeRequest?, principal: Principal, endpointPath: String, gateway: Gateway,
        now: MonotonicTime
    ) -> LegacySession? {
        let hasRoom = count.withLock { count -> Bool in
            guard count < Self.maxSessions else { return false }
            count += 1
            return true
        }
        guard hasRoom else { return nil }
        let id = Self.randomHex(digits: 48)
        let session = LegacySession(
            id: id, publicName: "s-" + Self.randomHex(digits: 8), principal: principal,
            endpointPath: endpointPath, gateway: gateway, now: now)
        if let request { _ = session.agree(request, now: now) }
        box(of: id).shard.withLock { $0.sessions[id] = session }
        return session
    }

    func find(_ id: String) -> LegacySession? {
        box(of: id).shard.withLock { $0.sessions[id] }
    }

    @discardableResult
    func end(_ id: String) -> Bool {
        guard let session = box(of: id).shard.withLock({ $0.sessions.removeValue(forKey: id) }) else {
            return false
        }
        count.withLock { $0 -= 1 }
        session.end()
        return true
    }

    var all: [LegacySession] { shards.flatMap { $0.shard.withLock { Array($0.sessions.values) } } }

    /// Ends the sessions that nobody has used for the idle time and that hold no stream.
    func expire(now: MonotonicTime) {
        for session in all
        where session.stream == nil
            && now.nanoseconds(since: session.lastUse) > UInt64(Self.idleMilliseconds) * 1_000_000
        {
            end(session.id)
        }
    }

    private func box(of id: String) -> Box {
        // The ids that the gateway gives end in a random hexadecimal digit, whose value this is.
        let last = id.utf8.last ?? 0
        return shards[Int(last & 0xF &+ last >> 6 &* 9) % Self.shardCount]
    }

    /// Digits from the system's cryptographic random numbers.
    private static func randomHex(digits: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        var text = ""
        while text.utf8.count < digits {
            let word = String(generator.next(), radix: 16)
            text += String(repeating: "0", count: 16 - word.count) + word
        }
        return String(text.prefix(digits))
    }
}
