/// The metrics of scores that should be higher for what is to be found.
struct DetectionScore: Sendable {
    private var scores: [(score: Float, isPositive: Bool)] = []

    var count: Int { scores.count }

    mutating func insert(_ score: Float, isPositive: Bool) { scores.append((score, isPositive)) }

    /// Those of scores that are probabilities.
    var probabilityMetrics: [(metric: EvaluationMetric, value: Double)] {
        let squares = scores.reduce(0.0) { sum, row in
            let error = Double(row.score) - (row.isPositive ? 1 : 0)
            return sum + error * error
        }
        return metrics + (scores.isEmpty ? [] : [(.brier, squares / Double(scores.count))])
    }

    /// Both are left out where all rows, or none, are positive.
    var metrics: [(metric: EvaluationMetric, value: Double)] {
        let positives = scores.count { $0.isPositive }
        let negatives = scores.count - positives
        guard positives > 0, negatives > 0 else { return [] }
        let ranked = scores.sorted { $0.score > $1.score }
        var (found, passed) = (0.0, 0.0)
        var (area, precision) = (0.0, 0.0)
        var index = 0
        // Equal scores count as one step: half of their pairs are in order.
        while index < ranked.count {
            var (hits, misses) = (0.0, 0.0)
            let score = ranked[index].score
            while index < ranked.count, ranked[index].score == score {
                if ranked[index].isPositive { hits += 1 } else { misses += 1 }
                index += 1
            }
            area += misses * (found + hits / 2)
            found += hits
            passed += misses
            if hits > 0 { precision += hits * found / (found + passed) }
        }
        return [
            (.auroc, area / (Double(positives) * Double(negatives))), (.ap, precision / Double(positives)),
        ]
    }
}
