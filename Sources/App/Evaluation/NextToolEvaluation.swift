import Learners
import Patterns

/// `attune evaluate next-tool`: predict, score, then learn, call by call.
enum NextToolEvaluation {
    static func run(
        _ replay: CallReplay, _ file: PredictionFile?
    ) throws(EvaluationFailure) -> EvaluationResult {
        var learner = NextTool(seed: replay.options.seed)
        var (score, watch) = (RankingScore(), Stopwatch())
        var curve = LearningCurve(replay.options)
        try replay.run(&learner) { learner, event throws(EvaluationFailure) in
            let probabilities = watch.predict {
                learner.probabilities(session: event.session, event.vocabulary)
            }
            if event.isScored {
                let ranked = NextTool.ranked(probabilities, event.vocabulary)
                if let rank = ranked.firstIndex(where: { $0.symbol == event.call.symbol }) {
                    score.insert(rank: rank, probability: Double(ranked[rank].probability))
                }
                try file?.append(event.row, ranked, learner.tools)
                curve.note(score.count) { score.metrics }
            }
            watch.update {
                learner.observe(
                    event.call, session: event.session, event.vocabulary, isFrozen: event.isFrozen)
            }
        }
        return EvaluationResult(
            task: .nextTool, dataset: replay.data.dataset, rows: score.count,
            warmRows: replay.data.warmCalls, seed: replay.options.seed, metrics: score.metrics,
            predictNanoseconds: watch.predictMedian, updateNanoseconds: watch.updateMedian,
            curve: curve.points)
    }
}
