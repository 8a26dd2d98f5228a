import Learners

/// The sessions that may go on: a bounded number, of which the one that was quiet for longest makes room.
///
/// Where the protocol knows no sessions, all calls of a principal and its agent are one. A gap of
/// `idleMicroseconds` ends any session.
struct LiveSessions: Sendable {
    static let idleMicroseconds: UInt64 = 30 * 60 * 1_000_000

    private let most: Int
    private let mostBytes: Int
    /// By `place`.
    private var held: [UInt64: LiveSession] = [:]
    private var uses: UInt64 = 0
    private(set) var bytes = 0
    /// Sessions that have begun.
    private(set) var begun: UInt64 = 0

    init(_ sizes: PatternSizes) { (most, mostBytes) = (sizes.mostSessions, sizes.sessionBytes) }

    var count: Int { held.count }
    /// Where sessions are, in order.
    var places: [UInt64] { held.keys.sorted() }
    /// What tells them apart in all learners.
    var keys: [UInt64] { held.values.map(\.key) }

    /// What tells a session from others that go on, as a hash.
    static func place(_ call: ObservedCall) -> UInt64 {
        let who = [call.sessionName, call.principal, call.sessionName.isEmpty ? call.agent : ""]
        return who.reduce(0) { HashMix.mix($0, HashMix.hash(Array($1.utf8)[...])) }
    }

    subscript(place: UInt64) -> LiveSession? { held[place] }

    /// The session of a call, which begins if there is none, and the sessions that end by that.
    mutating func take(_ call: ObservedCall) -> (place: UInt64, ended: [LiveSession]) {
        let place = Self.place(call)
        if let known = held[place] {
            guard call.startMicroseconds > known.lastMicroseconds &+ Self.idleMicroseconds else {
                return (place, [])
            }
            return (place, end([place]) + begin(place, call))
        }
        return (place, begin(place, call))
    }

    private mutating func begin(_ place: UInt64, _ call: ObservedCall) -> [LiveSession] {
        let full = held.count >= most || bytes + LiveSession.leastBytes > mostBytes
        let ended = full ? end(quietest) : []
        uses += 1
        begun += 1
        var session = LiveSession(key: HashMix.mix(place, begun), call)
        session.lastUse = uses
        session.lastMicroseconds = call.startMicroseconds
        held[place] = session
        bytes += session.bytes
        return ended
    }

    /// Changes a session, which is then the latest that was used.
    mutating func change<Result>(_ place: UInt64, _ body: (inout LiveSession) -> Result) -> Result? {
        guard var session = held.removeValue(forKey: place) else { return nil }
        bytes -= session.bytes
        uses += 1
        session.lastUse = uses
        let result = body(&session)
        bytes += session.bytes
        held[place] = session
        return result
    }

    mutating func mark(grouped place: UInt64) { held[place]?.isGrouped = true }

    mutating func note(_ place: UInt64, anomalies: UInt64) { held[place]?.anomalies += anomalies }

    /// Keeps how likely a session was taken over.
    /// - Returns: whether that is to be told, for the first time.
    mutating func suspect(_ place: UInt64, _ probability: Float, isTold: Bool) -> Bool {
        held[place]?.suspicion = probability
        guard isTold, let session = held[place], !session.isSuspected else { return false }
        held[place]?.isSuspected = true
        return true
    }

    /// Ends the quietest sessions if all together take too much.
    mutating func shrink() -> [LiveSession] { bytes > mostBytes && held.count > 1 ? end(quietest) : [] }

    /// Ends the sessions that have been quiet for too long.
    mutating func endIdle(now microseconds: UInt64) -> [LiveSession] {
        end(
            held.filter { microseconds > $0.value.lastMicroseconds &+ Self.idleMicroseconds }.map(\.key)
                .sorted())
    }

    private mutating func end(_ places: [UInt64]) -> [LiveSession] {
        places.compactMap { place in
            let ended = held.removeValue(forKey: place)
            bytes -= ended?.bytes ?? 0
            return ended
        }
    }

    /// An eighth of the sessions.
    /// - Complexity: that of sorting them.
    private var quietest: [UInt64] {
        let order = held.map { ($0.value.lastUse, $0.key) }.sorted { $0 < $1 }
        return order.prefix(max(1, held.count / 8)).map(\.1)
    }
}

extension LiveSessions {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(uses)
        encoder.write(begun)
        encoder.write(UInt64(held.count))
        for (place, session) in held.sorted(by: { $0.key < $1.key }) {
            encoder.write(place)
            session.save(to: &encoder)
        }
    }

    /// nil from bytes that none of these sizes wrote.
    init?(_ sizes: PatternSizes, tools: Int, restoring decoder: inout ByteDecoder) {
        self.init(sizes)
        guard let uses = decoder.integer(upTo: 1 << 62), let begun = decoder.integer(upTo: 1 << 62),
            let count = decoder.integer(upTo: UInt64(most))
        else { return nil }
        (self.uses, self.begun) = (uses, begun)
        for _ in 0..<count {
            guard let place = decoder.integer(),
                let session = LiveSession(tools: tools, restoring: &decoder), session.lastUse <= uses,
                held[place] == nil
            else { return nil }
            held[place] = session
            bytes += session.bytes
        }
    }
}
