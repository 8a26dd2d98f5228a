import Learners
import Patterns

/// `attune evaluate anomaly-session`: which sessions an attacker took over; a row is a session.
///
/// At its end a session's label teaches what suspicious calls mean, and its calls teach what is usual unless
/// it was attacked.
struct SessionAnomalyEvaluation {
    private var detector: SessionAnomaly
    private var (score, watch) = (DetectionScore(), Stopwatch())
    /// The calls of the session that goes on.
    private var calls: [(event: CallReplay.Event, call: SessionAnomaly.Call, resultScore: Float)] = []
    private var finding: SessionAnomaly.Finding?
    private var curve: LearningCurve
    private let file: PredictionFile?

    private init(_ replay: CallReplay, _ file: PredictionFile?) {
        detector = SessionAnomaly(seed: replay.options.seed)
        curve = LearningCurve(replay.options)
        self.file = file
    }

    static func run(
        _ replay: CallReplay, _ file: PredictionFile?
    ) throws(EvaluationFailure) -> EvaluationResult {
        var this = Self(replay, file)
        var sequence = NextTool(seed: replay.options.seed)
        try replay.run(&sequence) { sequence, event throws(EvaluationFailure) in
            if this.calls.first?.event.session != event.session { try this.endSession() }
            this.observe(event, &sequence)
        }
        try this.endSession()
        return EvaluationResult(
            task: .anomalySession, dataset: replay.data.dataset, rows: this.score.count,
            warmRows: replay.data.warm.count, seed: replay.options.seed, metrics: this.score.metrics,
            predictNanoseconds: this.watch.predictMedian, updateNanoseconds: this.watch.updateMedian,
            curve: this.curve.points)
    }

    private mutating func observe(_ event: CallReplay.Event, _ sequence: inout NextTool) {
        let probabilities = sequence.probabilities(session: event.session, event.vocabulary)
        let place = event.vocabulary.symbols.firstIndex(of: event.call.symbol)
        let share = place.map { probabilities[$0] } ?? 1
        let call = SessionAnomaly.Call(
            server: event.row.server, tool: event.row.tool, arguments: event.call.arguments,
            result: event.call.result, toolBits: -Transcendental.logarithm(share) * 1.442_695)
        let found = watch.predict { detector.observe(call, session: event.session) }
        finding = found.session
        calls.append((event, call, found.result.score))
        sequence.observe(event.call, session: event.session, event.vocabulary, isFrozen: event.isFrozen)
    }

    private mutating func endSession() throws(EvaluationFailure) {
        defer { calls.removeAll(keepingCapacity: true) }
        guard let last = calls.last, let finding else { return }
        let isAttacked = calls.contains(where: \.event.row.isAttack)
        let isPositive = calls.contains(where: \.event.row.isTakenOver)
        if last.event.isScored {
            score.insert(finding.probability, isPositive: isPositive)
            curve.note(score.count) { score.metrics }
            let row = calls[min(finding.call, calls.count - 1)].event.row
            try file?.append(row, finding, isPositive: isPositive)
        }
        if !last.event.isFrozen {
            watch.update { detector.judge(session: last.event.session, wasTakenOver: isPositive) }
            for call in calls where !isAttacked {
                watch.update { detector.learn(call.call, score: call.resultScore) }
            }
        }
        detector.end(session: last.event.session)
    }
}
