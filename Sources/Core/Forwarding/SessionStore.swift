import Identifiers
import Sessions
import Synchronization
import Telemetry

/// The legacy sessions of all loops: bounded, expiring when idle. Used from any loop.
///
/// Their ids are sealed tickets, so that another gateway with the same key, or a later run of this one, can
/// go on with them. A session that is known is found by its id alone; no cryptography a request.
final class SessionStore: Sendable {
    static let maxSessions = 65_536
    static let idleMilliseconds = 30 * 60 * 1000
    private static let shardCount = 16

    private struct Shard {
        var sessions: [SessionKey: LegacySession] = [:]
    }

    // One lock a shard, so that loops seldom meet.
    private final class Box: Sendable {
        let shard = Mutex(Shard())
    }

    private let shards = (0..<shardCount).map { _ in Box() }
    private let count = Mutex(0)
    // Taken within a shard's lock.
    private let ended = Mutex(EndedSessions())
    private let sealer: any TokenSealer
    /// This run of the gateway.
    private let instance = UInt32.random(in: .min ... .max)

    private let account: MemoryAccount?

    /// - Parameter account: what sessions are counted in, so that it bounds them too.
    init(sealer: any TokenSealer, account: MemoryAccount? = nil) {
        self.sealer = sealer
        self.account = account
    }

    /// - Parameter request: nil for a stream whose client has yet to send `initialize`; its session lives as
    ///   long as the stream, so its id is of no use elsewhere.
    /// - Returns: nil when the store is full.
    func open(
        _ request: InitializeRequest?, principal: Principal, endpointPath: String, gateway: Gateway,
        now: MonotonicTime
    ) -> LegacySession? {
        guard takePlace() else { return nil }
        var id = Self.randomHex(digits: 48)
        let number = Self.randomNumber()
        if let request {
            let ticket = SessionTicket(
                request: request, instance: instance, number: number,
                openedSeconds: UInt32(clamping: Self.wallSeconds))
            id = sealer.seal(
                ticket.bytes, context: SessionTicket.context(principal: principal, path: endpointPath))
        }
        let session = LegacySession(
            id: id, number: number, principal: principal, endpointPath: endpointPath, gateway: gateway,
            now: now)
        if let request { _ = session.agree(request, now: now) }
        let key = SessionKey(id)
        box(of: key).shard.withLock { $0.sessions[key] = session }
        return session
    }

    func find(_ id: String) -> LegacySession? {
        let key = SessionKey(id)
        return box(of: key).shard.withLock { $0.sessions[key] }
    }

    /// Goes on with a session that another gateway, or an earlier run of this one, opened for this principal
    /// at this path.
    /// - Returns: nil if the id is not such a session's, the session is too old or ended here, or the store
    ///   is full.
    func takeOver(
        _ id: String, principal: Principal, endpointPath: String, gateway: Gateway, now: MonotonicTime
    ) -> LegacySession? {
        let context = SessionTicket.context(principal: principal, path: endpointPath)
        guard id.utf8.count <= Self.maxSealedCharacters, let bytes = sealer.open(id, context: context),
            let ticket = SessionTicket(bytes: bytes), ticket.isCurrent(nowSeconds: Self.wallSeconds),
            takePlace()
        else { return nil }
        let made = LegacySession(
            id: id, number: ticket.number, principal: principal, endpointPath: endpointPath,
            gateway: gateway, now: now)
        _ = made.agree(ticket.request, isInitialized: true, now: now)
        let key = SessionKey(id)
        // Another request of the client may have been quicker, on another loop.
        let session = box(of: key).shard.withLock { shard -> LegacySession? in
            if let known = shard.sessions[key] { return known }
            guard !ended.withLock({ $0.contains(ticket.number) }) else { return nil }
            shard.sessions[key] = made
            return made
        }
        guard session === made else {
            givePlace()
            return session
        }
        gateway.log.info(
            "session taken over",
            [
                "session": .string(made.publicName), "principal": .string(principal.name),
                "from": .string(String(ticket.instance, radix: 16)),
            ])
        return made
    }

    /// The longest id that is tried to be opened: a sealer may double the bytes and add some of its own.
    private static let maxSealedCharacters = 2 * SessionTicket.maxBytes + 128

    @discardableResult
    func end(_ id: String) -> Bool {
        let key = SessionKey(id)
        let removed = box(of: key).shard.withLock { shard -> LegacySession? in
            guard let session = shard.sessions.removeValue(forKey: key) else { return nil }
            ended.withLock { $0.insert(session.number) }
            return session
        }
        guard let removed else { return false }
        givePlace()
        removed.end()
        return true
    }

    var openCount: Int { count.withLock { $0 } }

    var all: [LegacySession] { shards.flatMap { $0.shard.withLock { Array($0.sessions.values) } } }

    /// Ends the sessions that nobody has used for the idle time and that hold no stream.
    func expire(now: MonotonicTime) {
        let sessions = all
        for session in sessions { session.events.age() }
        for session in sessions
        where session.stream == nil
            && now.nanoseconds(since: session.lastUse) > UInt64(Self.idleMilliseconds) * 1_000_000
        {
            end(session.id)
        }
    }

    private func takePlace() -> Bool {
        count.withLock { count -> Bool in
            guard count < Self.maxSessions, account?.reserve(GatewayMemory.sessionBytes) ?? true else {
                return false
            }
            count += 1
            return true
        }
    }

    private func givePlace() {
        count.withLock { $0 -= 1 }
        account?.release(GatewayMemory.sessionBytes)
    }

    private func box(of key: SessionKey) -> Box { shards[Int(key.hash % UInt64(Self.shardCount))] }

    private static var wallSeconds: UInt64 { WallClock.microseconds / 1_000_000 }

    /// From the system's cryptographic random numbers.
    private static func randomNumber() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    private static func randomHex(digits: Int) -> String {
        var text = ""
        while text.utf8.count < digits {
            let word = String(randomNumber(), radix: 16)
            text += String(repeating: "0", count: 16 - word.count) + word
        }
        return String(text.prefix(digits))
    }
}
