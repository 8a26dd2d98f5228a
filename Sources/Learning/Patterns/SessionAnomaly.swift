import Learners

/// Tells how likely a session was taken over: that an attacker's text in a result made it call what it would
/// not have called.
///
/// Every result is searched for foreign text (`ResultAnomaly`). A call whose arguments repeat what only
/// foreign text named (`SessionTaint`: value taint, as in Denning, "A lattice model of secure information
/// flow", Comm. ACM 19(5), 1976, with surprisal in place of declared classes), or hold values that no
/// earlier session held, counts the more the more surprising values and tool are. The log odds are a sum of
/// effects of these facts (`SessionFacts`, `AdditiveEffects`) that start from a guess, and learn from
/// sessions that somebody has judged; a session is as suspicious as its worst call, and its judgement
/// teaches by that call (the standard assumption of multiple-instance learning: Dietterich, Lathrop,
/// Lozano-Perez, Artificial Intelligence 89, 1997).
///
/// Memory: 16 MiB of counts for results, 4 MiB for arguments, 0.4 MiB for words and effects; at most
/// `mostSessions` sessions of `sessionBytes`, of which the one that was quiet for longest makes room.
package struct SessionAnomaly: Sendable {
    package struct Call: Sendable {
        package var server: String
        package var tool: String
        package var arguments: ArraySlice<UInt8>
        package var result: ArraySlice<UInt8>
        /// How surprising the tool is after what the session did before, in bits; see `NextTool`.
        package var toolBits: Float

        package init(
            server: String, tool: String, arguments: ArraySlice<UInt8>, result: ArraySlice<UInt8>,
            toolBits: Float
        ) {
            (self.server, self.tool, self.toolBits) = (server, tool, toolBits)
            (self.arguments, self.result) = (arguments, result)
        }
    }

    /// What was found in a session, by its most suspicious call.
    package struct Finding: Sendable, Equatable {
        /// That the session was taken over.
        package var probability: Float
        /// The number of the call in the session.
        package var call: Int
        package var toolBits: Float
        /// The bytes of its arguments that repeat what only foreign text named; empty where none do.
        package var value: Range<Int>
        /// How surprising they are.
        package var valueBits: Float
        /// The earlier call whose result has it first, and the place there.
        package var source: (call: Int, offset: Int)?

        package static func == (a: Self, b: Self) -> Bool {
            a.probability == b.probability && a.call == b.call && a.toolBits == b.toolBits
                && a.value == b.value && a.valueBits == b.valueBits && a.source?.call == b.source?.call
                && a.source?.offset == b.source?.offset
        }
    }

    /// How to look for foreign text, as binary logarithms.
    package struct Sizes: Sendable, Equatable {
        package var resultBits: Int
        package var argumentBits: Int
        package var wordBits: Int
        package var effectBits: Int

        package static let standard = Sizes(resultBits: 18, argumentBits: 16, wordBits: 16, effectBits: 12)

        package init(resultBits: Int, argumentBits: Int, wordBits: Int, effectBits: Int) {
            (self.resultBits, self.argumentBits) = (resultBits, argumentBits)
            (self.wordBits, self.effectBits) = (wordBits, effectBits)
        }
    }

    struct Session: Sendable {
        var taint = SessionTaint()
        /// Calls so far that repeated a value of foreign text.
        var copies = 0
        var worst: (finding: Finding, facts: SessionFacts)?
        var lastUse: UInt64 = 0
    }

    package static let mostSessions = 512
    /// What a session takes, at most.
    package static let sessionBytes = SessionTaint.bytes + 256
    /// What is read of arguments.
    package static let mostBytes = 8192

    var results: ResultAnomaly
    var arguments: ByteModel
    var known: RecentHashes
    var effects: AdditiveEffects
    var sessions: [UInt64: Session] = [:]
    var uses: UInt64 = 0

    package init(_ sizes: Sizes = .standard, seed: UInt64 = 0) {
        results = ResultAnomaly(lineBits: sizes.resultBits, seed: seed)
        arguments = ByteModel(bits: sizes.argumentBits, seed: seed)
        known = RecentHashes(bits: sizes.wordBits)
        effects = AdditiveEffects(bits: sizes.effectBits)
    }

    /// Goes on by one call of a session and tells what is known of the whole session then.
    ///
    /// Nothing but the session itself is learned; see `learn` and `judge`.
    /// - Complexity: six lines of counts a byte.
    package mutating func observe(
        _ call: Call, session: UInt64
    ) -> (session: Finding, result: ResultAnomaly.Finding) {
        uses += 1
        var current = sessions.removeValue(forKey: session) ?? Session()
        current.lastUse = uses
        let kind = ResultAnomaly.kind(call.server, call.tool)
        let text = call.arguments.prefix(Self.mostBytes)
        let reading = current.taint.read(text, arguments.surprisals(text, kind: kind), known: known)
        let facts = SessionFacts(
            reading, current.taint, toolBits: call.toolBits, earlier: current.copies, tool: call.tool,
            kind: kind)
        let finding = Finding(
            probability: AdditiveEffects.probability(logOdds: effects.sum(facts.terms).mean),
            call: current.taint.calls, toolBits: call.toolBits, value: reading.value,
            valueBits: reading.word, source: reading.source.map { ($0.call, $0.offset) })
        let worst = current.worst.flatMap { $0.finding.probability >= finding.probability ? $0 : nil }
        current.worst = worst ?? (finding, facts)
        if SessionFacts.isCopy(reading) { current.copies += 1 }
        let inspected = results.inspect(call.result, server: call.server, tool: call.tool)
        current.taint.advance(
            text, call.result.prefix(ResultAnomaly.mostBytes), foreign: inspected.foreign)
        if sessions.count >= Self.mostSessions { dropQuietest() }
        sessions[session] = current
        return (worst?.finding ?? finding, inspected.finding)
    }

    /// Learns what calls of a kind say. Calls of a session that was taken over are better left out.
    /// - Parameter score: what `observe` said of the result.
    package mutating func learn(_ call: Call, score: Float) {
        results.learn(call.result, server: call.server, tool: call.tool, score: score)
        learnArguments(call)
    }

    /// The same without the result.
    package mutating func learnArguments(_ call: Call) {
        let text = call.arguments.prefix(Self.mostBytes)
        arguments.learn(text, kind: ResultAnomaly.kind(call.server, call.tool))
        ValueWords.forEach(text) { known.insert($0.hash) }
    }

    /// Learns whether a session was taken over, as somebody who looked at it said.
    package mutating func judge(session: UInt64, wasTakenOver: Bool) {
        guard let worst = sessions[session]?.worst else { return }
        effects.learn(worst.facts.terms, happened: wasTakenOver)
    }

    /// Forgets a session that has ended.
    package mutating func end(session: UInt64) { sessions[session] = nil }

    package var sessionCount: Int { sessions.count }

    /// What it holds, in bytes.
    package var memoryBytes: Int {
        results.memoryBytes + arguments.memoryBytes + known.memoryBytes + effects.memoryBytes
            + sessions.count * Self.sessionBytes
    }

    /// - Complexity: O(sessions), once for an eighth of them.
    private mutating func dropQuietest() {
        let oldest = sessions.map { ($0.value.lastUse, $0.key) }.sorted { $0 < $1 }
        for (_, session) in oldest.prefix(Self.mostSessions / 8) { sessions[session] = nil }
    }
}
