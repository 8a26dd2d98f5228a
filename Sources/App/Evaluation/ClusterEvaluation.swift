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
        var (places, curve): ([Int], _) = ([], LearningCurve(replay.options))
        for (number, session) in sessions.enumerated() {
            watch.update {
                let placement = clusters.insert(session.rows.map(\.tool))
                if let moved = placement.moved { places = places.map { moved[$0] } }
                places.append(placement.cluster)
            }
            curve.note(number + 1 - replay.data.warm.count) {
                agreement(clusters.groups(), places, replay.data).metrics
            }
            if number % 512 == 511 || number == sessions.count - 1 {
                replay.progress(replay.data.dataset, number + 1, sessions.count)
            }
        }
        var groups: [Int] = []
        watch.predict { groups = clusters.groups() }
        let names = file == nil ? [] : clusters.names()
        let score = agreement(groups, places, replay.data)
        for (session, place) in zip(sessions, places).dropFirst(replay.data.warm.count) {
            guard let row = session.rows.first else { continue }
            try file?.append(row, server: server(session), cluster: groups[place], name: names[place])
        }
        return EvaluationResult(
            task: .cluster, dataset: replay.data.dataset, rows: score.count,
            warmRows: replay.data.warm.count, seed: replay.options.seed, metrics: score.metrics,
            predictNanoseconds: watch.predictMedian, updateNanoseconds: watch.updateMedian,
            curve: curve.points)
    }

    /// Scores the sessions that have been inserted.
    /// - Parameter places: a small cluster a session, of those that warm too.
    private static func agreement(_ groups: [Int], _ places: [Int], _ data: CallData) -> ClusterScore {
        var score = ClusterScore()
        for (session, place) in zip(data.scored, places.dropFirst(data.warm.count))
        where !session.rows.isEmpty {
            score.insert(server(session), cluster: groups[place])
        }
        return score
    }

    private static func server(_ session: CallSession) -> String {
        session.domain ?? String((session.rows.first?.server ?? "").prefix { $0 != "." })
    }
}
