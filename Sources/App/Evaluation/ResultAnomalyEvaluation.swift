import Patterns

/// `attune evaluate anomaly-result`: which results hold text that somebody put there.
enum ResultAnomalyEvaluation {
    static func run(
        _ replay: CallReplay, _ file: PredictionFile?
    ) throws(EvaluationFailure) -> EvaluationResult {
        var detector = ResultAnomaly(seed: replay.options.seed)
        var names = NextTool()
        var (score, watch) = (DetectionScore(), Stopwatch())
        var curve = LearningCurve(replay.options)
        try replay.run(&names) { _, event throws(EvaluationFailure) in
            let row = event.row
            let finding = watch.predict {
                detector.judge(row.result[...], server: row.server, tool: row.tool)
            }
            if event.isScored {
                score.insert(finding.score, isPositive: row.isPoisoned)
                try file?.append(row, score: finding.score, isPositive: row.isPoisoned)
                curve.note(score.count) { score.metrics }
            }
            guard !event.isFrozen else { return }
            watch.update {
                detector.learn(row.result[...], server: row.server, tool: row.tool, score: finding.score)
            }
        }
        return EvaluationResult(
            task: .anomalyResult, dataset: replay.data.dataset, rows: score.count,
            warmRows: replay.data.warmCalls, seed: replay.options.seed, metrics: score.metrics,
            predictNanoseconds: watch.predictMedian, updateNanoseconds: watch.updateMedian,
            curve: curve.points)
    }
}
