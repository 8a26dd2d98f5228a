import Learners

/// What the latest sessions saw: of each its latest calls with their results, as hashes.
///
/// Memory: at most 640 bytes a session, `1 << bits` sessions in buckets of four; in a full bucket the session
/// that was quiet for longest makes room.
struct SessionResults: Sendable {
    static let mostCalls = 32
    static let sessionBytes = 640
    private static let mostCount: UInt16 = 1000

    struct Counts: Sendable, Equatable {
        var same: UInt16 = 0
        var different: UInt16 = 0

        mutating func insert(isSame: Bool) {
            if isSame { same = min(same + 1, mostCount) } else { different = min(different + 1, mostCount) }
        }
    }

    private struct Session: Sendable {
        var tag: UInt64 = 0
        var latest: UInt64 = 0
        /// Of its calls that another session made last: those whose result was the same.
        var counts = Counts()
        var calls: [(call: UInt64, result: UInt64)] = []
    }

    private var sessions: [Session]
    private let mask: Int

    /// - Parameter bits: the binary logarithm of the number of sessions, from 4 to 16.
    init(bits: Int) {
        precondition(bits >= 4 && bits <= 16, "the number of sessions is out of range")
        sessions = [Session](repeating: Session(), count: 1 << bits)
        mask = (1 << bits) - 1
    }

    var memoryBytes: Int { sessions.count * Self.sessionBytes }

    /// Of the calls of a session that others made last: how many gave the same.
    func counts(_ session: UInt64) -> Counts { place(session).map { sessions[$0].counts } ?? Counts() }

    /// Of the calls that two sessions made: how many gave the same; nil where they share none.
    /// - Complexity: the product of their numbers of calls, mostly few.
    func agreement(_ a: UInt64, _ b: UInt64) -> Counts? {
        guard let first = place(a), let second = place(b) else { return nil }
        var counts = Counts()
        for call in sessions[first].calls {
            guard let other = sessions[second].calls.first(where: { $0.call == call.call }) else { continue }
            counts.insert(isSame: other.result == call.result)
        }
        return counts == Counts() ? nil : counts
    }

    /// Keeps what a session saw.
    /// - Parameters:
    ///   - clock: later than at every call before.
    ///   - isSame: whether it was what another session saw last; nil where no other did.
    mutating func insert(_ session: UInt64, call: UInt64, result: UInt64, isSame: Bool?, clock: UInt64) {
        let place = place(session) ?? claim(session)
        sessions[place].latest = clock
        if let isSame { sessions[place].counts.insert(isSame: isSame) }
        sessions[place].calls.removeAll { $0.call == call }
        if sessions[place].calls.count == Self.mostCalls { sessions[place].calls.removeFirst() }
        sessions[place].calls.append((call, result))
    }

    private func start(_ session: UInt64) -> Int {
        Int(truncatingIfNeeded: HashMix.mix(session) >> 20) & mask & ~3
    }

    private func place(_ session: UInt64) -> Int? {
        let start = start(session)
        for place in start..<start + 4 where sessions[place].latest > 0 && sessions[place].tag == session {
            return place
        }
        return nil
    }

    private mutating func claim(_ session: UInt64) -> Int {
        let start = start(session)
        var quietest = start
        for place in start..<start + 4 where sessions[place].latest < sessions[quietest].latest {
            quietest = place
        }
        sessions[quietest] = Session(tag: session)
        return quietest
    }
}

extension SessionResults {
    func save(to encoder: inout ByteEncoder) {
        let used = sessions.indices.filter { sessions[$0].latest > 0 }
        encoder.write(UInt64(used.count))
        for place in used {
            let session = sessions[place]
            let words = [
                UInt64(place), session.tag, session.latest, UInt64(session.counts.same),
                UInt64(session.counts.different), UInt64(session.calls.count),
            ]
            for word in words { encoder.write(word) }
            for call in session.calls {
                encoder.write(call.call)
                encoder.write(call.result)
            }
        }
    }

    /// Reads sessions; nil from bytes that none of that size wrote.
    init?(bits: Int, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits)
        guard let count = decoder.integer(upTo: UInt64(mask + 1)) else { return nil }
        for _ in 0..<count {
            guard let place = decoder.integer(upTo: UInt64(mask)), let tag = decoder.integer(),
                let latest = decoder.integer(), latest > 0,
                let same = decoder.integer(upTo: UInt64(Self.mostCount)),
                let different = decoder.integer(upTo: UInt64(Self.mostCount)),
                let calls = decoder.integer(upTo: UInt64(Self.mostCalls))
            else { return nil }
            var session = Session(
                tag: tag, latest: latest, counts: Counts(same: UInt16(same), different: UInt16(different)))
            for _ in 0..<calls {
                guard let call = decoder.integer(), let result = decoder.integer() else { return nil }
                session.calls.append((call, result))
            }
            sessions[Int(place)] = session
        }
    }
}
