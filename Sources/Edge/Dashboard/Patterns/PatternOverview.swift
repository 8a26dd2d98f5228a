import Wire

/// What the learner has found in all calls together: `pattern/overview` of its state table.
package struct PatternOverview: Sendable {
    package struct Cluster: Sendable, Equatable {
        package var name: String
        package var sessions: UInt64
        /// The most telling first.
        package var tools: [String]
    }

    package struct Sequence: Sendable, Equatable {
        /// `server/tool`, in the order of the calls; others may stand between them.
        package var tools: [String]
        /// Sessions in which it occurs.
        package var support: UInt64
        /// Of all sessions.
        package var share: Double?
        /// How many times more often than if its calls knew nothing of each other.
        package var lift: Double?
    }

    private static let mostScores = 16
    private static let mostClusters = 64
    private static let mostSequences = 200
    private static let mostTools = 16

    package var atMicroseconds: UInt64
    package var calls: UInt64
    package var sessions: UInt64
    /// Calls that were not learned from, so that learning stays within its budget.
    package var sampledOut: UInt64
    /// Processor time that learning has taken since the learner's start.
    package var processorSeconds: Double?
    package var memoryBytes: UInt64
    /// What one prediction and one update take.
    package var predictNanoseconds: Double?
    package var updateNanoseconds: Double?
    package var scores: [PatternScore]
    package var clusters: [Cluster]
    package var sequences: [Sequence]
    /// How many anomalies there were of each kind, in the order of `AnomalyPattern.Kind`.
    package var anomalies: [(kind: AnomalyPattern.Kind, count: UInt64)]

    /// nil unless the text is one JSON object.
    package init?(json: [UInt8]) {
        guard let view = LearnedPatterns.object(json) else { return nil }
        atMicroseconds = PatternField(view["at_us"]).time
        calls = PatternField(view["calls"]).count
        sessions = PatternField(view["sessions"]).count
        sampledOut = PatternField(view["sampled_out"]).count
        processorSeconds = PatternField(view["cpu_s"]).amount
        memoryBytes = PatternField(view["memory_bytes"]).count
        predictNanoseconds = PatternField(view["predict_ns"]).amount
        updateNanoseconds = PatternField(view["update_ns"]).amount
        scores = PatternField(view["accuracy"]).list(most: Self.mostScores) { PatternScore($0) }
        clusters = PatternField(view["clusters"]).list(most: Self.mostClusters) { view in
            let name = PatternField(view["name"]).text
            guard !name.isEmpty else { return nil }
            return Cluster(
                name: name, sessions: PatternField(view["sessions"]).count,
                tools: PatternField(view["tools"]).texts(most: Self.mostTools))
        }
        sequences = PatternField(view["sequences"]).list(most: Self.mostSequences) { view in
            let tools = PatternField(view["tools"]).texts(most: Self.mostTools)
            guard !tools.isEmpty else { return nil }
            return Sequence(
                tools: tools, support: PatternField(view["support"]).count,
                share: PatternField(view["share"]).share, lift: PatternField(view["lift"]).amount)
        }
        let counts = view["anomalies"]
        anomalies = AnomalyPattern.Kind.allCases.compactMap { kind in
            counts?.member(kind.rawValue).map { (kind, PatternField($0).count) }
        }
    }
}
