import Learners

/// Predicts which tool each session calls next, among those that its servers list.
///
/// Memory: the model's fixed size; a session below 3 KiB, at most `mostSessions`, of which the one that was
/// quiet for longest makes room; names of at most `Sizes.mostSymbols` tools.
package struct NextTool: Sendable {
    /// A tool that may come next.
    package struct Candidate: Sendable, Equatable {
        package var symbol: Int
        /// They sum to one over all candidates.
        package var probability: Float
    }

    private struct Session: Sendable {
        var trail: SequenceTrail
        var lastUse: UInt64
    }

    package static let mostSessions = 4096
    package static let mostNameBytes = 512
    /// What a session takes, at most.
    package static let sessionBytes = 3072

    private let sizes: SequenceModel.Sizes
    private var model: SequenceModel
    package private(set) var tools = ToolNames()
    private var sessions: [UInt64: Session] = [:]
    private var uses: UInt64 = 0

    package init(_ sizes: SequenceModel.Sizes = .standard, seed: UInt64 = 0) {
        self.sizes = sizes
        model = SequenceModel(sizes, seed: seed)
    }

    /// The number of a tool, given at its first mention; nil once there are too many, or for a name too long.
    package mutating func symbol(server: String, tool: String) -> Int? {
        guard server.utf8.count <= Self.mostNameBytes, tool.utf8.count <= Self.mostNameBytes else {
            return nil
        }
        return tools.symbol(server: server, tool: tool, most: sizes.mostSymbols)
    }

    /// Makes a session known before its first call.
    /// - Parameter agent: what tells one kind of agent from another, such as a client's name; or empty.
    package mutating func begin(session: UInt64, agent: String) {
        guard sessions[session] == nil, !agent.isEmpty else { return }
        uses += 1
        let bytes = Array(agent.utf8.prefix(Self.mostNameBytes))
        insert(Session(trail: SequenceTrail(agent: HashMix.hash(bytes[...])), lastUse: uses), session)
    }

    /// The candidates of a session, the most probable first; equal ones in the vocabulary's order.
    package mutating func predict(session: UInt64, _ vocabulary: SequenceVocabulary) -> [Candidate] {
        Self.ranked(probabilities(session: session, vocabulary), vocabulary)
    }

    /// The probability of each candidate in the vocabulary's order; they sum to one.
    package mutating func probabilities(session: UInt64, _ vocabulary: SequenceVocabulary) -> [Float] {
        model.predict(trail(session), vocabulary)
    }

    /// Candidates by falling probability; equal ones in the vocabulary's order.
    package static func ranked(_ probabilities: [Float], _ vocabulary: SequenceVocabulary) -> [Candidate] {
        let order = probabilities.indices.sorted { a, b in
            probabilities[a] != probabilities[b] ? probabilities[a] > probabilities[b] : a < b
        }
        return order.map { Candidate(symbol: vocabulary.symbols[$0], probability: probabilities[$0]) }
    }

    /// Learns from a call and goes on to the session's next.
    /// - Parameter isFrozen: whether the session goes on but nothing is learned.
    package mutating func observe(
        _ call: SequenceCall, session: UInt64, _ vocabulary: SequenceVocabulary, isFrozen: Bool = false
    ) {
        uses += 1
        var current = sessions.removeValue(forKey: session) ?? Session(trail: SequenceTrail(), lastUse: uses)
        if !isFrozen { model.learn(call.symbol, after: current.trail, vocabulary) }
        current.trail.advance(call, names: tools.names)
        current.lastUse = uses
        insert(current, session)
    }

    /// Forgets a session that has ended.
    package mutating func end(session: UInt64) { sessions[session] = nil }

    package var sessionCount: Int { sessions.count }

    package func knows(session: UInt64) -> Bool { sessions[session] != nil }

    /// What it holds, in bytes, without the names of tools.
    package var memoryBytes: Int { model.memoryBytes + sessions.count * Self.sessionBytes }

    private mutating func insert(_ session: Session, _ key: UInt64) {
        if sessions.count >= Self.mostSessions { dropQuietest() }
        sessions[key] = session
    }

    /// What is remembered of a session; an empty trail for one that is not known.
    func trail(_ session: UInt64) -> SequenceTrail { sessions[session]?.trail ?? SequenceTrail() }

    /// - Complexity: O(sessions), once for an eighth of them.
    private mutating func dropQuietest() {
        let oldest = sessions.map { ($0.value.lastUse, $0.key) }.sorted { $0 < $1 }.prefix(
            Self.mostSessions / 8)
        for (_, session) in oldest { sessions[session] = nil }
    }
}

extension NextTool {
    package func save(to encoder: inout ByteEncoder) {
        model.save(to: &encoder)
        tools.save(to: &encoder)
        encoder.write(uses)
        encoder.write(UInt64(sessions.count))
        for (key, session) in sessions.sorted(by: { $0.key < $1.key }) {
            encoder.write(key)
            encoder.write(session.lastUse)
            session.trail.save(to: &encoder)
        }
    }

    /// Reads a predictor; nil from bytes that none of these sizes wrote.
    package init?(_ sizes: SequenceModel.Sizes = .standard, restoring decoder: inout ByteDecoder) {
        guard let model = SequenceModel(sizes, restoring: &decoder),
            let tools = ToolNames(most: sizes.mostSymbols, restoring: &decoder),
            let uses = decoder.integer(upTo: 1 << 62),
            let count = decoder.integer(upTo: UInt64(Self.mostSessions))
        else { return nil }
        self.init(sizes)
        (self.model, self.tools, self.uses) = (model, tools, uses)
        for _ in 0..<count {
            guard let key = decoder.integer(), let lastUse = decoder.integer(upTo: uses),
                let trail = SequenceTrail(restoring: &decoder)
            else { return nil }
            sessions[key] = Session(trail: trail, lastUse: lastUse)
        }
    }
}
