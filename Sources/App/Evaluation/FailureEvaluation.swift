import Patterns

/// `attune evaluate failure`: how likely each call or run is to fail.
enum FailureEvaluation {
    static func run(
        _ data: OutcomeData, _ options: EvaluationOptions, _ progress: (String, Int, Int) -> Void,
        _ file: PredictionFile?
    ) throws(EvaluationFailure) -> EvaluationResult {
        var learner = FailureForecast()
        var (score, watch) = (DetectionScore(), Stopwatch())
        var curve = LearningCurve(options)
        try data.replay(options, progress) { row, isScored, isLearned throws(EvaluationFailure) in
            let failed = row.failed ?? false
            let probability = watch.predict { learner.probability(row.factors) }
            if isScored {
                score.insert(probability, isPositive: failed)
                try file?.append(row, label: failed ? 1 : 0, fields: [("p", Double(probability))])
                curve.note(score.count) { score.probabilityMetrics }
            }
            guard isLearned else { return }
            watch.update { learner.learn(row.factors, failed: failed) }
        }
        return EvaluationResult(
            task: .failure, dataset: data.dataset, rows: score.count, warmRows: data.warm.count,
            seed: options.seed, metrics: score.probabilityMetrics, predictNanoseconds: watch.predictMedian,
            updateNanoseconds: watch.updateMedian, curve: curve.points)
    }
}
