/// Runs a task on the data sets of some files.
package struct Evaluator {
    private let options: EvaluationOptions
    private let progress: (String, Int, Int) -> Void

    /// - Parameter progress: is told, now and then, of which data set how many calls of how many are done.
    package init(
        _ options: EvaluationOptions, progress: @escaping (String, Int, Int) -> Void = { _, _, _ in }
    ) {
        self.options = options
        self.progress = progress
    }

    /// The result of each data set, in the order of their first rows.
    package func run(_ task: EvaluationTask) throws(EvaluationFailure) -> [EvaluationResult] {
        if options.leaveGroupOut, options.sessions.isEmpty { throw .noGroups }
        let results =
            switch task {
            case .nextTool: try calls(NextToolEvaluation.run)
            case .nextCall: try calls(NextCallEvaluation.run)
            case .anomalyResult: try calls(ResultAnomalyEvaluation.run)
            case .anomalySession: try calls(SessionAnomalyEvaluation.run)
            case .cluster: try calls(ClusterEvaluation.run)
            case .cacheability: try calls(CacheabilityEvaluation.run)
            case .retrieve: try retrieval()
            case .bandit: try outcomes(BanditEvaluation.run) { $0.failed != nil }
            case .series: try series()
            case .prefetchPolicy: try calls(PrefetchEvaluation.run)
            case .ab: try outcomes(ExperimentEvaluation.run) { $0.failed != nil }
            case .failure: try outcomes(FailureEvaluation.run) { $0.failed != nil }
            case .latency: try outcomes(LatencyEvaluation.run) { $0.seconds != nil }
            }
        return results
    }

    /// Runs a task that goes through calls.
    private func calls(
        _ run: (CallReplay, PredictionFile?) throws(EvaluationFailure) -> EvaluationResult
    ) throws(EvaluationFailure) -> [EvaluationResult] {
        let sets = try CallData.load(options)
        let file = try predictionFile()
        var results: [EvaluationResult] = []
        for data in sets {
            results.append(try run(CallReplay(data: data, options: options, progress: progress), file))
        }
        try file?.flush()
        return results
    }

    /// Runs a task that goes through the outcomes of calls or runs.
    private func outcomes(
        _ run: (OutcomeData, EvaluationOptions, (String, Int, Int) -> Void, PredictionFile?)
            throws(EvaluationFailure) -> EvaluationResult,
        _ isUsed: (OutcomeRow) -> Bool
    ) throws(EvaluationFailure) -> [EvaluationResult] {
        let sets = try OutcomeData.load(options, isUsed)
        let file = try predictionFile()
        var results: [EvaluationResult] = []
        for data in sets { results.append(try run(data, options, progress, file)) }
        try file?.flush()
        return results
    }

    private func retrieval() throws(EvaluationFailure) -> [EvaluationResult] {
        if options.catalog.isEmpty { throw .noCatalog }
        let catalog = try RetrievalData.catalog(options)
        let sets = try RetrievalData.load(options, catalog.ids)
        let file = try predictionFile()
        var results: [EvaluationResult] = []
        for data in sets {
            results.append(try RetrievalEvaluation.run(data, catalog, options, progress, file))
        }
        try file?.flush()
        return results
    }

    private func series() throws(EvaluationFailure) -> [EvaluationResult] {
        let (warm, scored) = (try SeriesData.load(options.warm), try SeriesData.load(options.data))
        if scored.isEmpty { throw .noRows }
        let file = try predictionFile()
        var names: [String] = []
        for series in scored where !names.contains(series.dataset) { names.append(series.dataset) }
        var results: [EvaluationResult] = []
        for name in names {
            results.append(
                try SeriesEvaluation.run(
                    scored.filter { $0.dataset == name }, warm: warm.filter { $0.dataset == name }, options,
                    progress, file))
        }
        try file?.flush()
        return results
    }

    private func predictionFile() throws(EvaluationFailure) -> PredictionFile? {
        guard let path = options.predictions else { return nil }
        return try PredictionFile(path)
    }
}
