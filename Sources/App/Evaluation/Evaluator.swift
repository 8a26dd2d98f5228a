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
        let sets = try CallData.load(options)
        var file: PredictionFile?
        if let path = options.predictions { file = try PredictionFile(path) }
        var results: [EvaluationResult] = []
        for data in sets {
            let replay = CallReplay(data: data, options: options, progress: progress)
            switch task {
            case .nextTool: results.append(try NextToolEvaluation.run(replay, file))
            case .anomalyResult: results.append(try ResultAnomalyEvaluation.run(replay, file))
            case .cluster: results.append(try ClusterEvaluation.run(replay, file))
            case .nextCall: results.append(try NextCallEvaluation.run(replay, file))
            }
        }
        try file?.flush()
        return results
    }
}
