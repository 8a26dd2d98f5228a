import Learners

/// `attune evaluate series`: where series of numbers are unusual.
///
/// Every series meets a fresh detector. From labelled series of `--warm` only the level of its alarms is
/// learned. The score of a value that alarms is its evidence; that of any other is half its evidence, and
/// below half the level.
enum SeriesEvaluation {
    /// Windows that have to be known for a level to be learned.
    private static let fewestWindows = 10
    private static let levels = (10..<40).map { Float($0) }

    static func run(
        _ series: [SeriesData], warm: [SeriesData], _ options: EvaluationOptions,
        _ progress: (String, Int, Int) -> Void, _ file: PredictionFile?
    ) throws(EvaluationFailure) -> EvaluationResult {
        let level = level(warm)
        var (score, watch) = (WindowScore(), Stopwatch())
        // What is missed in a series is known at its end.
        var curve = LearningCurve(options)
        let total = series.reduce(0) { $0 + $1.values.count }
        var done = 0
        for data in series {
            let scores = scores(data, level, &watch)
            score.insert(scores: scores, windows: data.windows)
            curve.note(score.count) { score.metrics }
            for index in scores.indices {
                try file?.append(data, index, score: scores[index], isAlarm: scores[index] >= level)
            }
            done += data.values.count
            progress(data.dataset, done, total)
        }
        return EvaluationResult(
            task: .series, dataset: series.first?.dataset ?? "", rows: score.count,
            warmRows: warm.reduce(0) { $0 + $1.values.count }, seed: options.seed, metrics: score.metrics,
            predictNanoseconds: watch.predictMedian, updateNanoseconds: watch.updateMedian,
            curve: curve.points)
    }

    private static func scores(_ data: SeriesData, _ level: Float, _ watch: inout Stopwatch) -> [Float] {
        var detector = SeriesAnomaly(level: level)
        return data.values.indices.map { index in
            let time = data.time(index)
            guard let judgement = watch.predict({ detector.judge(data.values[index], at: time) }) else {
                return 0
            }
            var isAlarm = false
            watch.update { isAlarm = detector.learn(judgement) != nil }
            return isAlarm ? judgement.evidence : min(judgement.evidence, level) / 2
        }
    }

    /// The level that is best, together with its neighbours, for labelled series; the standard one for few.
    private static func level(_ series: [SeriesData]) -> Float {
        guard series.reduce(0, { $0 + $1.windows.count }) >= fewestWindows else {
            return AlarmGate.standardLevel
        }
        let evidence = series.map { data in
            var detector = SeriesAnomaly()
            return data.values.indices.map { index -> Float in
                guard let judgement = detector.judge(data.values[index], at: data.time(index)) else {
                    return 0
                }
                _ = detector.learn(judgement)
                return judgement.evidence
            }
        }
        let results = levels.map { level -> Double in
            var score = WindowScore()
            for (data, evidence) in zip(series, evidence) {
                var gate = AlarmGate(level: level)
                score.insert(
                    scores: evidence.map { gate.passes($0) ? 1 : 0 }, windows: data.windows)
            }
            return score.best?.result ?? 0
        }
        let inner = levels.indices.dropFirst().dropLast()
        let best = inner.max { a, b in
            results[a - 1...a + 1].reduce(0, +) < results[b - 1...b + 1].reduce(0, +)
        }
        return best.map { levels[$0] } ?? AlarmGate.standardLevel
    }
}
