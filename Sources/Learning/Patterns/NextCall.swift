import Learners

/// Predicts which call each session makes next: the tool with its arguments.
///
/// Candidates are calls that followed the session's contexts before (`CallMemory`, `CallScorer`) and calls
/// that the argument model composes for the most likely tools.
///
/// Memory: that of `NextTool`, 4 MiB of counts, and the bounds of `CallMemory`, `ArgumentModel` and at most
/// `mostSessions` of `SessionValues`, of which the one that was quiet for longest makes room.
package struct NextCall: Sendable {
    /// A call that may come next.
    package struct Candidate: Sendable, Equatable {
        package var symbol: Int
        /// Canonical JSON; see `CallArguments`.
        package var arguments: [UInt8]
        package var probability: Float
    }

    private struct Session: Sendable {
        var values = SessionValues()
        var lastUse: UInt64
    }

    private struct Latest: Sendable {
        var session: UInt64
        var uses: UInt64
        var vocabulary: Int
        var calls: [CallMemory.Call]
        var scored: [CallScorer.Candidate]
    }

    package static let mostSessions = 512
    private static let mostTools = 4
    /// The binary logarithm of the lines of counts that calls have.
    package static let callBits = 16

    private let sizes: SequenceModel.Sizes
    package private(set) var sequence: NextTool
    private var scorer: CallScorer
    private var memory = CallMemory()
    private var model: ArgumentModel
    private var sessions: [UInt64: Session] = [:]
    private var uses: UInt64 = 0
    /// The latest candidates, kept for the step that learns from them; holds no learned state.
    private var latest: Latest?

    package init(
        sizes: SequenceModel.Sizes = .standard, callBits: Int = callBits,
        rateBits: Int = ArgumentModel.rateBits, seed: UInt64 = 0
    ) {
        scorer = CallScorer(bits: callBits)
        model = ArgumentModel(rateBits: rateBits)
        self.sizes = sizes
        sequence = NextTool(sizes, seed: seed)
    }

    /// Goes on from what is known of tools; of their arguments nothing is known yet.
    package init(sizes: SequenceModel.Sizes, knowing sequence: NextTool) {
        self.init(sizes: sizes)
        self.sequence = sequence
    }

    package var tools: ToolNames { sequence.tools }

    /// See `NextTool.predict`.
    package mutating func tools(
        session: UInt64, _ vocabulary: SequenceVocabulary
    ) -> [NextTool.Candidate] { sequence.predict(session: session, vocabulary) }

    /// See `NextTool.symbol`.
    package mutating func symbol(server: String, tool: String) -> Int? {
        sequence.symbol(server: server, tool: tool)
    }

    /// See `NextTool.begin`.
    package mutating func begin(session: UInt64, agent: String) {
        sequence.begin(session: session, agent: agent)
    }

    /// The candidates of a session, the most probable first; their probabilities sum to at most one.
    package mutating func predict(session: UInt64, _ vocabulary: SequenceVocabulary) -> [Candidate] {
        let (candidates, scored) = candidates(session, vocabulary)
        let shares = scorer.score(scored, sequence.trail(session))
        let order = shares.indices.sorted { shares[$0] != shares[$1] ? shares[$0] > shares[$1] : $0 < $1 }
        return order.map { index in
            Candidate(
                symbol: candidates[index].symbol, arguments: candidates[index].arguments,
                probability: shares[index])
        }
    }

    /// Learns from a call and goes on to the session's next.
    /// - Parameter isFrozen: whether the session goes on but nothing is learned.
    package mutating func observe(
        _ call: SequenceCall, session: UInt64, _ vocabulary: SequenceVocabulary, isFrozen: Bool = false
    ) {
        let arguments = CallArguments(call.arguments)
        if !isFrozen, let arguments {
            let made = CallMemory.Call(symbol: call.symbol, arguments: arguments.canonical)
            let (candidates, scored) = candidates(session, vocabulary)
            if let number = memory.insert(made) {
                scorer.learn(
                    number, candidates.firstIndex(of: made), among: scored, after: sequence.trail(session))
            }
            model.learn(call.symbol, arguments, sessions[session]?.values ?? SessionValues())
        }
        uses += 1
        sequence.observe(call, session: session, vocabulary, isFrozen: isFrozen)
        var current = sessions.removeValue(forKey: session) ?? Session(lastUse: uses)
        current.values.insert(call.symbol, arguments, call.result)
        current.lastUse = uses
        if sessions.count >= Self.mostSessions { dropQuietest() }
        sessions[session] = current
    }

    /// Forgets a session that has ended.
    package mutating func end(session: UInt64) {
        sequence.end(session: session)
        latest = nil
        sessions[session] = nil
    }

    /// What it holds, in bytes, without the names of tools.
    package var memoryBytes: Int {
        modelBytes + sequence.sessionCount * NextTool.sessionBytes + sessions.count * Self.sessionBytes
    }

    /// The same without sessions.
    package var modelBytes: Int {
        sequence.memoryBytes - sequence.sessionCount * NextTool.sessionBytes + scorer.memoryBytes
            + memory.memoryBytes + model.memoryBytes
    }

    /// What the values of a session take, at most.
    package static let sessionBytes =
        SessionValues.mostCalls
        * (CallArguments.mostMembers * (SessionValues.mostTextBytes + 64)
            + ResultValues.mostValues * (ResultValues.mostTextBytes + 64))
        + SessionValues.mostShared * 32

    /// Calls that may come next, and what the scorer has to know of each.
    private mutating func candidates(
        _ session: UInt64, _ vocabulary: SequenceVocabulary
    ) -> ([CallMemory.Call], [CallScorer.Candidate]) {
        if let latest, latest.session == session, latest.uses == uses, latest.vocabulary == vocabulary.id {
            return (latest.calls, latest.scored)
        }
        let values = sessions[session]?.values ?? SessionValues()
        let ranked = sequence.predict(session: session, vocabulary)
        var shares: [Int: Float] = [:]
        for candidate in ranked { shares[candidate.symbol] = candidate.probability }
        var outlooks: [Int: ArgumentModel.Outlook] = [:]
        var found: [CallMemory.Call: Float] = [:]
        for candidate in ranked.prefix(Self.mostTools) {
            let outlook = model.outlook(candidate.symbol, values)
            outlooks[candidate.symbol] = outlook
            for (arguments, share) in model.likely(outlook) {
                let call = CallMemory.Call(symbol: candidate.symbol, arguments: arguments.canonical)
                found[call] = max(found[call] ?? 0, share)
            }
        }
        for number in scorer.suggestions(sequence.trail(session)) {
            guard let call = memory[number], shares[call.symbol] != nil, found[call] == nil,
                let arguments = CallArguments(call.arguments[...])
            else { continue }
            let outlook = outlooks[call.symbol] ?? model.outlook(call.symbol, values)
            outlooks[call.symbol] = outlook
            found[call] = model.share(arguments, outlook)
        }
        let calls = found.keys.sorted { a, b in
            a.symbol != b.symbol ? a.symbol < b.symbol : a.arguments.lexicographicallyPrecedes(b.arguments)
        }
        let scored = calls.map { call in
            CallScorer.Candidate(
                number: memory.number(call), tool: shares[call.symbol] ?? 0, arguments: found[call] ?? 0)
        }
        latest = Latest(
            session: session, uses: uses, vocabulary: vocabulary.id, calls: calls, scored: scored)
        return (calls, scored)
    }

    /// - Complexity: O(sessions), once for an eighth of them.
    private mutating func dropQuietest() {
        let oldest = sessions.map { ($0.value.lastUse, $0.key) }.sorted { $0 < $1 }.prefix(
            Self.mostSessions / 8)
        for (_, session) in oldest { sessions[session] = nil }
    }
}

extension NextCall {
    package func save(to encoder: inout ByteEncoder) {
        sequence.save(to: &encoder)
        scorer.save(to: &encoder)
        memory.save(to: &encoder)
        model.save(to: &encoder)
        encoder.write(uses)
        encoder.write(UInt64(sessions.count))
        for (key, session) in sessions.sorted(by: { $0.key < $1.key }) {
            encoder.write(key)
            encoder.write(session.lastUse)
            session.values.save(to: &encoder)
        }
    }

    /// Reads a predictor; nil from bytes that none of these sizes wrote.
    package init?(
        sizes: SequenceModel.Sizes = .standard, callBits: Int = callBits,
        rateBits: Int = ArgumentModel.rateBits, restoring decoder: inout ByteDecoder
    ) {
        guard let sequence = NextTool(sizes, restoring: &decoder),
            let scorer = CallScorer(bits: callBits, restoring: &decoder),
            let memory = CallMemory(mostSymbols: sizes.mostSymbols, restoring: &decoder),
            let model = ArgumentModel(rateBits: rateBits, restoring: &decoder),
            let uses = decoder.integer(upTo: 1 << 62),
            let count = decoder.integer(upTo: UInt64(Self.mostSessions))
        else { return nil }
        self.init(sizes: sizes, callBits: callBits, rateBits: rateBits)
        (self.sequence, self.scorer, self.memory, self.model, self.uses) = (
            sequence, scorer, memory, model, uses
        )
        for _ in 0..<count {
            guard let key = decoder.integer(), let lastUse = decoder.integer(upTo: uses),
                let values = SessionValues(mostSymbols: sizes.mostSymbols, restoring: &decoder)
            else { return nil }
            sessions[key] = Session(values: values, lastUse: lastUse)
        }
    }
}
