import Learners
import Patterns

/// What was guessed before each call of each session, and which guess was right.
///
/// Guesses are those of `NextCall`, which predicts, then learns each call.
struct PrefetchTrace: Sendable {
    struct Call: Sendable {
        /// Hashes of the tools that were guessed, with the probabilities of the calls.
        var guesses: [(tool: UInt64, probability: Float)]
        var tool: UInt64
        var latest: UInt64
        /// Which guess was right.
        var hit: Int?
    }

    struct Session: Sendable {
        var id: String
        var isScored: Bool
        var calls: [Call] = []
    }

    private(set) var sessions: [Session] = []

    init(_ replay: CallReplay) throws(EvaluationFailure) {
        var learner = NextCall(seed: replay.options.seed)
        var latest: UInt64?
        var sessions: [Session] = []
        try replay.run(&learner) { learner, event throws(EvaluationFailure) in
            let ranked = learner.predict(session: event.session, event.vocabulary)
            let canonical = CallArguments(event.call.arguments)?.canonical
            if latest != event.session {
                sessions.append(Session(id: event.row.session, isScored: event.isScored))
                latest = event.session
            }
            let guesses = ranked.prefix(PrefetchMoment.mostGuesses)
            sessions[sessions.count - 1].calls.append(
                Call(
                    guesses: guesses.map { (Self.hash(learner.tools, $0.symbol), $0.probability) },
                    tool: Self.hash(learner.tools, event.call.symbol),
                    latest: sessions.last?.calls.last?.tool ?? 0,
                    hit: guesses.firstIndex {
                        $0.symbol == event.call.symbol && $0.arguments == canonical && event.row.isWhole
                    }))
            learner.observe(event.call, session: event.session, event.vocabulary, isFrozen: event.isFrozen)
        }
        self.sessions = sessions
    }

    private static func hash(_ tools: ToolNames, _ symbol: Int) -> UInt64 {
        let name = tools.name(symbol)
        return HashMix.mix(
            HashMix.hash(Array(name.server.utf8)[...]), HashMix.hash(Array(name.tool.utf8)[...]))
    }
}
