import Patterns

/// `attune evaluate retrieve`: which tools of a catalogue a question asks for.
enum RetrievalEvaluation {
    private static let mostCandidates = 20

    static func run(
        _ data: RetrievalData, _ catalog: (tools: [ToolSearch.Tool], ids: [String]),
        _ options: EvaluationOptions, _ progress: (String, Int, Int) -> Void, _ file: PredictionFile?
    ) throws(EvaluationFailure) -> EvaluationResult {
        var search = ToolSearch()
        for tool in catalog.tools { guard search.insert(tool) else { break } }
        var (score, watch) = (RetrievalScore(), Stopwatch())
        var curve = LearningCurve(options)
        let total = data.warm.count + data.scored.count
        for (number, question) in (data.warm + data.scored).enumerated() {
            let isScored = number >= data.warm.count
            let ranked = watch.predict { search.rank(question.text, most: mostCandidates) }
            if isScored {
                score.insert(
                    question.golds.map { golds in ranked.firstIndex { golds.contains($0.tool) } })
                curve.note(score.count) { score.metrics }
                try file?.append(
                    data.dataset, question, ranked.map { (catalog.ids[$0.tool], Double($0.probability)) })
            }
            if !(isScored && options.isFrozen) {
                watch.update { search.learn(question.text, tools: question.golds.flatMap { $0 }) }
            }
            if number % 256 == 255 || number == total - 1 { progress(data.dataset, number + 1, total) }
        }
        return EvaluationResult(
            task: .retrieve, dataset: data.dataset, rows: score.count, warmRows: data.warm.count,
            seed: options.seed, metrics: score.metrics, predictNanoseconds: watch.predictMedian,
            updateNanoseconds: watch.updateMedian, curve: curve.points)
    }
}
