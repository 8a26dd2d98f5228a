import Learners
import Patterns

/// Goes through the calls of a data set, first those that warm, then those that are scored.
struct CallReplay {
    /// Is told, now and then, how many of the calls are done.
    typealias Progress = (_ dataset: String, _ done: Int, _ of: Int) -> Void

    /// One call, as a learner meets it.
    struct Event {
        var row: CallRow
        var call: SequenceCall
        /// The number of its session.
        var session: UInt64
        var vocabulary: SequenceVocabulary
        var isScored: Bool
        /// Whether nothing is to be learned from it.
        var isFrozen: Bool
    }

    private static let callsPerReport = 512

    let data: CallData
    let options: EvaluationOptions
    let progress: Progress

    /// Visits each call, with its session begun before its first and ended after its last.
    func run<Learner: SessionLearner>(
        _ learner: inout Learner,
        _ visit: (inout Learner, Event) throws(EvaluationFailure) -> Void
    ) throws(EvaluationFailure) {
        let vocabularies = vocabularies(&learner)
        let total = data.warmCalls + data.scoredCalls
        var done = 0
        for (number, session) in (data.warm + data.scored).enumerated() {
            let isScored = number >= data.warm.count
            guard let vocabulary = vocabularies[session.servers] else { continue }
            learner.begin(session: UInt64(number), agent: session.rows.first?.agent ?? "")
            for (step, row) in session.rows.enumerated() {
                guard let symbol = learner.symbol(server: row.server, tool: row.tool) else { continue }
                let isParallel = step > 0 && row.turn != nil && row.turn == session.rows[step - 1].turn
                let call = SequenceCall(
                    symbol: symbol, group: learner.tools.server(symbol), arguments: row.arguments[...],
                    result: row.result[...], isError: row.isError, isParallel: isParallel)
                let event = Event(
                    row: row, call: call, session: UInt64(number), vocabulary: vocabulary,
                    isScored: isScored, isFrozen: options.isFrozen && isScored)
                try visit(&learner, event)
                done += 1
                if done % Self.callsPerReport == 0 || done == total { progress(data.dataset, done, total) }
            }
            learner.end(session: UInt64(number))
        }
    }

    /// The vocabulary of each set of servers; all tools are numbered in the order of their names.
    private func vocabularies<Learner: SessionLearner>(
        _ learner: inout Learner
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
}
