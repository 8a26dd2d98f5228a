import Foundation

/// The metrics of ranked guesses.
package struct RankingScore: Sendable, Equatable {
    package private(set) var count = 0
    private var hits = [0, 0, 0]
    private var reciprocals = 0.0
    private var bitSum = 0.0

    package init() {}

    /// Counts a guess.
    /// - Parameters:
    ///   - rank: of what came, from 0.
    ///   - probability: that it was given, above 0.
    package mutating func insert(rank: Int, probability: Double) {
        insert(rank: rank)
        bitSum -= log2(probability)
    }

    /// Counts a guess of which no probability is known.
    /// - Parameter rank: of what came, from 0; nil where it was not among the guesses.
    package mutating func insert(rank: Int?) {
        count += 1
        guard let rank else { return }
        for (index, most) in [1, 3, 5].enumerated() where rank < most { hits[index] += 1 }
        reciprocals += 1 / Double(rank + 1)
    }

    package var top1: Double { share(Double(hits[0])) }
    package var top3: Double { share(Double(hits[1])) }
    package var top5: Double { share(Double(hits[2])) }
    /// The mean of one over the rank from 1.
    package var mrr: Double { share(reciprocals) }
    /// The mean of -log2 of the probability.
    package var bits: Double { share(bitSum) }

    /// All of them, in the order in which they are shown.
    package var metrics: [(metric: EvaluationMetric, value: Double)] { rankMetrics + [(.bits, bits)] }

    /// Those that ask for ranks only.
    package var rankMetrics: [(metric: EvaluationMetric, value: Double)] {
        [(.top1, top1), (.top3, top3), (.top5, top5), (.mrr, mrr)]
    }

    private func share(_ sum: Double) -> Double { count > 0 ? sum / Double(count) : 0 }
}
