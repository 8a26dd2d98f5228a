import Learners
import Patterns

/// `attune evaluate cacheability`: whether a call gives what the same call gave the last time.
///
/// Scored are calls that were made before, by another session last; the positive ones gave the same result.
enum CacheabilityEvaluation {
    static func run(
        _ replay: CallReplay, _ file: PredictionFile?
    ) throws(EvaluationFailure) -> EvaluationResult {
        var learner = CacheForecast()
        var results: [UInt64: UInt64] = [:]
        var names = NextTool()
        var (score, watch) = (DetectionScore(), Stopwatch())
        var curve = LearningCurve(replay.options)
        try replay.run(&names) { _, event throws(EvaluationFailure) in
            let row = event.row
            let factors = CallFactors(agent: row.agent, server: row.server, tool: row.tool)
            let call = CacheForecast.Call(
                factors: factors, arguments: row.argumentsHash, session: event.session)
            let key = HashMix.mix(factors.tool, row.argumentsHash)
            let isSame = results[key] == row.resultHash
            if let forecast = watch.predict({ learner.forecast(call) }), event.isScored,
                forecast.isFromAnotherSession || row.session.isEmpty
            {
                score.insert(forecast.probability, isPositive: isSame)
                try file?.append(row, score: forecast.probability, isPositive: isSame)
                curve.note(score.count) { score.probabilityMetrics }
            }
            results[key] = row.resultHash
            guard !event.isFrozen else { return }
            watch.update { learner.learn(call, result: row.resultHash, isError: row.isError) }
        }
        return EvaluationResult(
            task: .cacheability, dataset: replay.data.dataset, rows: score.count,
            warmRows: replay.data.warmCalls, seed: replay.options.seed, metrics: score.probabilityMetrics,
            predictNanoseconds: watch.predictMedian, updateNanoseconds: watch.updateMedian,
            curve: curve.points)
    }
}
