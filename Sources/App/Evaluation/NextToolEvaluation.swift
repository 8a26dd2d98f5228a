import Learners
import Patterns

/// `attune evaluate next-tool`: predict, score, then learn, call by call.
package struct NextToolEvaluation {
    /// Is told, now and then, how many of the calls are done.
    package typealias Progress = (_ dataset: String, _ done: Int, _ of: Int) -> Void

    private static let callsPerReport = 512

    private let options: EvaluationOptions
    private let progress: Progress
    private let clock = ContinuousClock()

    package init(_ options: EvaluationOptions, progress: @escaping Progress = { _, _, _ in }) {
        self.options = options
        self.progress = progress
    }

    /// The result of each data set, in the order of their first rows.
    package func run() throws(EvaluationFailure) -> [EvaluationResult] {
        if options.leaveGroupOut, options.sessions.isEmpty { throw .noGroups }
        let sets = try CallData.load(options)
        guard let path = options.predictions else {
            var results: [EvaluationResult] = []
            for data in sets { results.append(try evaluate(data) { _, _, _ throws(EvaluationFailure) in }) }
            return results
        }
        var file = try PredictionFile(path)
        var results: [EvaluationResult] = []
        for data in sets {
            results.append(
                try evaluate(data) { row, ranked, tools throws(EvaluationFailure) in
                    try file.append(row, ranked, tools)
                })
        }
        try file.flush()
        return results
    }

    private func evaluate(
        _ data: CallData,
        _ write: (CallRow, [NextTool.Candidate], ToolNames) throws(EvaluationFailure) -> Void
    ) throws(EvaluationFailure) -> EvaluationResult {
        var learner = NextTool(seed: options.seed)
        let vocabularies = Self.vocabularies(data, &learner)
        var score = RankingScore()
        var (predictions, updates): ([Int], [Int]) = ([], [])
        let total = data.warmCalls + data.scoredCalls
        var done = 0
        for (number, session) in (data.warm + data.scored).enumerated() {
            let isScored = number >= data.warm.count
            let key = UInt64(number)
            guard let vocabulary = vocabularies[session.servers] else { continue }
            learner.begin(session: key, agent: session.rows.first?.agent ?? "")
            for (step, row) in session.rows.enumerated() {
                guard let symbol = learner.symbol(server: row.server, tool: row.tool) else { continue }
                let isParallel = step > 0 && row.turn != nil && row.turn == session.rows[step - 1].turn
                let call = SequenceCall(
                    symbol: symbol, group: learner.tools.server(symbol), arguments: row.arguments[...],
                    result: row.result[...], isError: row.isError, isParallel: isParallel)
                let start = clock.now
                let probabilities = learner.probabilities(session: key, vocabulary)
                let predicted = clock.now
                if isScored {
                    let ranked = NextTool.ranked(probabilities, vocabulary)
                    if let rank = ranked.firstIndex(where: { $0.symbol == symbol }) {
                        score.insert(rank: rank, probability: Double(ranked[rank].probability))
                    }
                    try write(row, ranked, learner.tools)
                }
                let scored = clock.now
                learner.observe(call, session: key, vocabulary, isFrozen: options.isFrozen && isScored)
                updates.append(Self.nanoseconds(clock.now - scored))
                predictions.append(Self.nanoseconds(predicted - start))
                done += 1
                if done % Self.callsPerReport == 0 || done == total { progress(data.dataset, done, total) }
            }
            learner.end(session: key)
        }
        return EvaluationResult(
            task: .nextTool, dataset: data.dataset, rows: score.count, warmRows: data.warmCalls,
            seed: options.seed, metrics: score.metrics, predictNanoseconds: Self.median(predictions),
            updateNanoseconds: Self.median(updates))
    }

    /// The vocabulary of each set of servers; all tools are numbered in the order of their names.
    private static func vocabularies(
        _ data: CallData, _ learner: inout NextTool
    ) -> [[String]: SequenceVocabulary] {
        for name in Set(data.listed.values.joined()).sorted() {
            _ = learner.symbol(server: name.server, tool: name.tool)
        }
        var found: [[String]: SequenceVocabulary] = [:]
        for (id, servers) in data.listed.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }).enumerated() {
            let symbols = (data.listed[servers] ?? []).compactMap {
                learner.symbol(server: $0.server, tool: $0.tool)
            }
            found[servers] = SequenceVocabulary(
                id: id, symbols: symbols, groups: symbols.map { learner.tools.server($0) })
        }
        return found
    }

    private static func nanoseconds(_ duration: Duration) -> Int {
        Int(duration.components.seconds) * 1_000_000_000
            + Int(duration.components.attoseconds / 1_000_000_000)
    }

    private static func median(_ values: [Int]) -> Int {
        values.isEmpty ? 0 : values.sorted()[values.count / 2]
    }
}
