import Learners
import Patterns

/// `attune evaluate next-call`: a guess is right when its tool and its arguments are, as canonical JSON.
///
/// Rows whose arguments the file does not have as a whole are learned from but not scored.
enum NextCallEvaluation {
    static func run(
        _ replay: CallReplay, _ file: PredictionFile?
    ) throws(EvaluationFailure) -> EvaluationResult {
        var learner = NextCall(seed: replay.options.seed)
        var (score, watch) = (RankingScore(), Stopwatch())
        var curve = LearningCurve(replay.options)
        try replay.run(&learner) { learner, event throws(EvaluationFailure) in
            let ranked = watch.predict { learner.predict(session: event.session, event.vocabulary) }
            if event.isScored, event.row.isWhole, let arguments = CallArguments(event.call.arguments) {
                let canonical = arguments.canonical
                score.insert(
                    rank: ranked.firstIndex {
                        $0.symbol == event.call.symbol && $0.arguments == canonical
                    })
                try file?.append(event.row, canonical, ranked, learner.tools)
                curve.note(score.count) { score.rankMetrics }
            }
            watch.update {
                learner.observe(
                    event.call, session: event.session, event.vocabulary, isFrozen: event.isFrozen)
            }
        }
        return EvaluationResult(
            task: .nextCall, dataset: replay.data.dataset, rows: score.count,
            warmRows: replay.data.warmCalls, seed: replay.options.seed, metrics: score.rankMetrics,
            predictNanoseconds: watch.predictMedian, updateNanoseconds: watch.updateMedian,
            curve: curve.points)
    }
}
