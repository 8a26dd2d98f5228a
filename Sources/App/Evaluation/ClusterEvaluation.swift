import Patterns

/// `attune evaluate cluster`: whether sessions of one server form one group; a row is a session.
///
/// The server is that of the sessions file, or else that of the session's first call up to its first dot.
enum ClusterEvaluation {
    static func run(_ replay: CallReplay, _ file: PredictionFile?) throws(EvaluationFailure)
        -> EvaluationResult
    {
        var (clusters, watch) = (SessionClusters(), Stopwatch())
        let sessions = replay.data.warm + replay.data.scored
        var places: [Int] = []
        for (number, session) in sessions.enumerated() {
            watch.update {
                let placement = clusters.insert(session.rows.map(\.tool))
                if let moved = placement.moved { places = places.map { moved[$0] } }
                places.append(placement.cluster)
            }
            if number % 512 == 511 || number == sessions.count - 1 {
                replay.progress(replay.data.dataset, number + 1, sessions.count)
            }
        }
        var groups: [Int] = []
        watch.predict { groups = clusters.groups() }
        let names = file == nil ? [] : clusters.names()
        var score = ClusterScore()
        for (number, session) in sessions.enumerated() where number >= replay.data.warm.count {
            guard let row = session.rows.first else { continue }
            let server = session.domain ?? String(row.server.prefix { $0 != "." })
            score.insert(server, cluster: groups[places[number]])
            let place = places[number]
            try file?.append(row, server: server, cluster: groups[place], name: names[place])
        }
        return EvaluationResult(
            task: .cluster, dataset: replay.data.dataset, rows: score.count,
            warmRows: replay.data.warm.count, seed: replay.options.seed, metrics: score.metrics,
            predictNanoseconds: watch.predictMedian, updateNanoseconds: watch.updateMedian)
    }
}
