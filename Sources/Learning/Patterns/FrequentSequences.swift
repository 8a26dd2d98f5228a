import Learners

/// Which calls often follow each other in sessions, also with others between them, and more often than chance
/// would have it.
///
/// A sequence is of two to four tools; between two of them at most two other calls may stand, and calls of
/// one tool in a row count as one. `support` is the number of sessions that have it, and
/// `lift = support * sessions / (support of all but its last tool * sessions that have the last tool)`
/// (Brin et al.: "Dynamic itemset counting and implication rules for market basket data", SIGMOD 1997).
/// Longer sequences are counted once what they have before and after an end is known to be frequent, as in
/// PrefixSpan's growth (Pei et al., ICDE 2001); counts are those of `HeavyHitters`, one table a length, so
/// each is off by at most what it took over and what came before its parts were frequent.
///
/// Memory: 0.7 MiB: 64 KiB a length, 256 KiB to count each session once, and sessions of 56 bytes, at most
/// 4,096, of which the one that was quiet for longest makes room. After 2^20 sessions all counts are halved.
/// - Complexity: at most 39 sequences a call, 20 ns each.
package struct FrequentSequences: Sendable {
    /// A sequence that sessions have.
    package struct Sequence: Sendable, Equatable {
        /// The numbers of its tools.
        package var symbols: [Int]
        /// In how many sessions it was at least.
        package var support: Int
        /// Of all sessions.
        package var share: Float
        /// How much more often its last tool comes after the others than in any session.
        package var lift: Float
    }

    private struct Session: Sendable {
        /// The latest first.
        var recent: [UInt16] = []
        var lastUse: UInt64
    }

    package static let lengths = 2...4
    /// Two tools of a sequence are at most so far apart.
    package static let reach = 3
    package static let mostSessions = 4096
    package static let mostSymbols = 4096
    static let mostRecent = reach * 3
    private static let bitRange = 4...16
    private static let seenBits = 4
    private static let mostSequences = 256
    private static let mostCountedSessions: UInt32 = 1 << 20
    /// A longer sequence that explains this much of a shorter one stands for both.
    private static let covering: Float = 0.9

    private let bits: Int
    private let fewest: UInt32
    private var counts: [HeavyHitters]
    private var tools: HeavyHitters
    private var seen: RecentHashes
    private var sessions: [UInt64: Session] = [:]
    private var sessionCount: UInt32 = 0
    private var uses: UInt64 = 0

    /// - Parameters:
    ///   - bits: the binary logarithm of the number of sequences of each length, and of tools, from 4 to 16.
    ///   - fewest: sessions from which on a sequence may be part of a longer one.
    package init(bits: Int = 12, fewest: UInt32 = 3) {
        precondition(Self.bitRange.contains(bits), "the number of sequences is out of range")
        (self.bits, self.fewest) = (bits, fewest)
        counts = Self.lengths.map { _ in HeavyHitters(bits: bits) }
        tools = HeavyHitters(bits: bits)
        seen = RecentHashes(bits: bits + Self.seenBits)
    }

    package var memoryBytes: Int {
        counts.reduce(tools.memoryBytes + seen.memoryBytes) { $0 + $1.memoryBytes }
            + sessions.count * (32 + 2 * Self.mostRecent)
    }

    /// Takes the next call of a session.
    /// - Parameter symbol: the number of its tool; one above `mostSymbols` is passed over.
    package mutating func observe(_ symbol: Int, session: UInt64) {
        guard symbol >= 0, symbol < Self.mostSymbols else { return }
        uses += 1
        let item = UInt16(symbol)
        var current = sessions.removeValue(forKey: session) ?? begun()
        if current.recent.first != item {
            let recent = current.recent
            count(UInt64(item) + 1, session, length: 1)
            extend(UInt64(item) + 1, length: 1, from: -1, recent, session)
            current.recent.insert(item, at: 0)
            if current.recent.count > Self.mostRecent { current.recent.removeLast() }
        }
        current.lastUse = uses
        if sessions.count >= Self.mostSessions { dropQuietest() }
        sessions[session] = current
    }

    /// Forgets a session that has ended.
    package mutating func end(session: UInt64) { sessions[session] = nil }

    /// The sequences that tell most, by `support * ln(lift)`; not those that a longer one tells as well.
    ///
    /// - Complexity: that of sorting all that are kept.
    package func sequences(
        most: Int = 20, leastSupport: Int = 5, leastLift: Float = 1.1
    ) -> [Sequence] {
        var found: [Sequence] = []
        for (index, table) in counts.enumerated() {
            for entry in table.all where Int(entry.least) >= leastSupport {
                let sequence = sequence(entry, length: index + 2)
                if sequence.lift >= leastLift { found.append(sequence) }
            }
        }
        found.sort { first, second in
            let (a, b) = (Self.weight(first), Self.weight(second))
            return a != b ? a > b : first.symbols.lexicographicallyPrecedes(second.symbols)
        }
        let kept = found.prefix(Self.mostSequences)
        return Array(kept.filter { short in !kept.contains { Self.covers($0, short) } }.prefix(max(0, most)))
    }

    /// Counts sequences that end with the newest call, from the back.
    /// - Parameters:
    ///   - key: the sequence so far.
    ///   - place: the place of its first tool among the recent ones; -1 for the newest call itself.
    private mutating func extend(
        _ key: UInt64, length: Int, from place: Int, _ recent: [UInt16], _ session: UInt64
    ) {
        guard length < Self.lengths.upperBound else { return }
        let first = Self.item(key, 0, length: length)
        for before in place + 1..<min(place + 1 + Self.reach, recent.count) where recent[before] != first {
            let longer = key | (UInt64(recent[before]) + 1) << UInt64(16 * length)
            // All but its last tool must be frequent, too.
            if length > 1, !isFrequent(longer >> 16, length: length) { continue }
            count(longer, session, length: length + 1)
            if isFrequent(longer, length: length + 1) {
                extend(longer, length: length + 1, from: before, recent, session)
            }
        }
    }

    private func isFrequent(_ key: UInt64, length: Int) -> Bool {
        counts[length - 2][key].map { $0.least >= fewest } ?? false
    }

    private mutating func count(_ key: UInt64, _ session: UInt64, length: Int) {
        let hash = HashMix.mix(key, session)
        guard !seen.contains(hash) else { return }
        seen.insert(hash)
        if length == 1 { tools.insert(key) } else { counts[length - 2].insert(key) }
    }

    private mutating func begun() -> Session {
        sessionCount += 1
        if sessionCount >= Self.mostCountedSessions {
            sessionCount /= 2
            tools.halve()
            for index in counts.indices { counts[index].halve() }
        }
        return Session(lastUse: uses)
    }

    /// The tool at a place; its last tool is in the lowest 16 bits.
    private static func item(_ key: UInt64, _ place: Int, length: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: key >> UInt64(16 * (length - 1 - place))) &- 1
    }

    private func sequence(_ entry: HeavyHitters.Entry, length: Int) -> Sequence {
        let start = entry.key >> 16
        let before = length == 2 ? tools[start] : counts[length - 3][start]
        let last = tools[entry.key & 0xFFFF]
        let (support, all) = (Float(entry.least), Float(max(1, sessionCount)))
        // A part that is not kept is taken for as frequent as the whole, which claims least.
        let expected = Float(max(before?.count ?? 0, entry.least)) * Float(max(last?.count ?? 0, entry.least))
        return Sequence(
            symbols: (0..<length).map { Int(Self.item(entry.key, $0, length: length)) },
            support: Int(entry.least), share: min(1, support / all), lift: support * all / max(1, expected))
    }

    private static func weight(_ sequence: Sequence) -> Float {
        Float(sequence.support) * Transcendental.logarithm(sequence.lift)
    }

    /// Whether a longer sequence has the shorter one in it, and is nearly as frequent.
    private static func covers(_ long: Sequence, _ short: Sequence) -> Bool {
        guard long.symbols.count > short.symbols.count,
            Float(long.support) >= covering * Float(short.support)
        else { return false }
        var rest = short.symbols[...]
        for symbol in long.symbols where symbol == rest.first { rest.removeFirst() }
        return rest.isEmpty
    }

    /// - Complexity: O(sessions), once for an eighth of them.
    private mutating func dropQuietest() {
        let oldest = sessions.map { ($0.value.lastUse, $0.key) }.sorted { $0 < $1 }
        for (_, session) in oldest.prefix(Self.mostSessions / 8) { sessions[session] = nil }
    }
}

extension FrequentSequences {
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(UInt64(sessionCount))
        encoder.write(uses)
        tools.save(to: &encoder)
        for table in counts { table.save(to: &encoder) }
        seen.save(to: &encoder)
        encoder.write(UInt64(sessions.count))
        for (key, session) in sessions.sorted(by: { $0.key < $1.key }) {
            encoder.write(key)
            encoder.write(session.lastUse)
            encoder.write(UInt64(session.recent.count))
            for item in session.recent { encoder.write(UInt64(item)) }
        }
    }

    /// Reads what was counted; nil from bytes that none of that size wrote.
    package init?(bits: Int = 12, fewest: UInt32 = 3, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits, fewest: fewest)
        guard let sessionCount = decoder.integer(upTo: UInt64(Self.mostCountedSessions - 1)),
            let uses = decoder.integer(upTo: 1 << 62),
            let tools = HeavyHitters(bits: bits, restoring: &decoder)
        else { return nil }
        (self.sessionCount, self.uses, self.tools) = (UInt32(sessionCount), uses, tools)
        for index in counts.indices {
            guard let table = HeavyHitters(bits: bits, restoring: &decoder) else { return nil }
            counts[index] = table
        }
        guard let seen = RecentHashes(bits: bits + Self.seenBits, restoring: &decoder),
            let held = decoder.integer(upTo: UInt64(Self.mostSessions))
        else { return nil }
        self.seen = seen
        for _ in 0..<held {
            guard let key = decoder.integer(), let lastUse = decoder.integer(upTo: uses),
                let recent = decoder.integers(most: Self.mostRecent, upTo: UInt64(Self.mostSymbols - 1))
            else { return nil }
            sessions[key] = Session(recent: recent.map { UInt16($0) }, lastUse: lastUse)
        }
    }
}
