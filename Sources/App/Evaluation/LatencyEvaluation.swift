import Foundation
import Patterns

/// `attune evaluate latency`: a bound on how long each call or run takes, which 95 % of them should keep.
///
/// The loss is that of the logarithm of seconds, so that a bound that is twice too high costs the same for
/// fast tools as for slow ones.
enum LatencyEvaluation {
    static func run(
        _ data: OutcomeData, _ options: EvaluationOptions, _ progress: (String, Int, Int) -> Void,
        _ file: PredictionFile?
    ) throws(EvaluationFailure) -> EvaluationResult {
        var learner = LatencyForecast()
        var (score, watch) = (QuantileScore(share: Double(LatencyForecast.share)), Stopwatch())
        var curve = LearningCurve(options)
        try data.replay(options, progress) { row, isScored, isLearned throws(EvaluationFailure) in
            let seconds = row.seconds ?? 1
            let forecast = watch.predict { learner.forecast(row.factors) }
            if isScored {
                score.insert(bound: Double(forecast.bound), value: log(seconds))
                curve.note(score.count) { score.metrics }
                try file?.append(
                    row, label: seconds,
                    fields: [
                        ("median_s", exp(Double(forecast.middle))), ("p95_s", exp(Double(forecast.bound))),
                    ])
            }
            guard isLearned else { return }
            watch.update { learner.learn(row.factors, seconds: Float(seconds)) }
        }
        return EvaluationResult(
            task: .latency, dataset: data.dataset, rows: score.count, warmRows: data.warm.count,
            seed: options.seed, metrics: score.metrics, predictNanoseconds: watch.predictMedian,
            updateNanoseconds: watch.updateMedian, curve: curve.points)
    }
}
