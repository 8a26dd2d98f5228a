import Foundation

/// The metrics of ranked tools where a question asks for several things.
struct RetrievalScore: Sendable {
    private(set) var count = 0
    private var recalls = [0.0, 0, 0]
    private var gains = 0.0

    /// Counts a question.
    /// - Parameter ranks: for each thing asked for the rank from 0 of the best tool that does it, nil where
    ///   none is among the candidates; not empty.
    mutating func insert(_ ranks: [Int?]) {
        count += 1
        for (index, most) in [1, 5, 10].enumerated() {
            recalls[index] += Double(ranks.count { ($0 ?? most) < most }) / Double(ranks.count)
        }
        func gain(_ rank: Int) -> Double { 1 / log2(Double(rank) + 2) }
        let found = Set(ranks.compactMap { $0 }).filter { $0 < 10 }.sorted().reduce(0) { $0 + gain($1) }
        gains += found / (0..<min(10, ranks.count)).reduce(0) { $0 + gain($1) }
    }

    var metrics: [(metric: EvaluationMetric, value: Double)] {
        guard count > 0 else { return [] }
        let all = Double(count)
        return [
            (.r1, recalls[0] / all), (.r5, recalls[1] / all), (.r10, recalls[2] / all),
            (.ndcg10, gains / all),
        ]
    }
}
