import Wire

/// What the learner expects of a session: `pattern/session/SESSION` of its state table.
package struct SessionPattern: Sendable, Equatable {
    /// A call that may be next.
    package struct Guess: Sendable, Equatable {
        package var server: String
        package var tool: String
        /// JSON; nil where only the tool is foretold.
        package var arguments: [UInt8]?
        package var probability: Double
    }

    private static let mostGuesses = 8
    /// Longer arguments are left out.
    private static let mostArgumentBytes = 8192

    package var session: String
    /// The client, as it calls itself.
    package var agent: String
    package var principal: String
    package var calls: UInt64
    package var atMicroseconds: UInt64
    /// The most likely first.
    package var next: [Guess]
    /// How likely it is that the session is not what sessions are.
    package var suspicion: Double?
    package var anomalies: UInt64

    /// nil unless the text is a JSON object that names a session.
    package init?(json: [UInt8]) {
        guard let view = LearnedPatterns.object(json) else { return nil }
        session = PatternField(view["session"]).text
        guard !session.isEmpty else { return nil }
        agent = PatternField(view["agent"]).text
        principal = PatternField(view["principal"]).text
        calls = PatternField(view["calls"]).count
        atMicroseconds = PatternField(view["at_us"]).time
        suspicion = PatternField(view["suspicion"]).share
        anomalies = PatternField(view["anomalies"]).count
        let guesses: [Guess] = PatternField(view["next"]).list(most: Self.mostGuesses) { view in
            let tool = PatternField(view["tool"]).text
            guard !tool.isEmpty, let probability = PatternField(view["probability"]).share else { return nil }
            return Guess(
                server: PatternField(view["server"]).text, tool: tool,
                arguments: Self.arguments(view["arguments"]), probability: probability)
        }
        next = guesses.sorted { $0.probability > $1.probability }
    }

    private static func arguments(_ view: JSONView?) -> [UInt8]? {
        guard let view, !view.isNull, view.raw.count <= mostArgumentBytes else { return nil }
        return Array(view.raw)
    }
}
