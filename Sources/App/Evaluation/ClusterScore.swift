import Foundation

/// How far two ways to group the same things agree.
struct ClusterScore: Sendable {
    private var pairs: [[String]: Double] = [:]
    private var classes: [String: Double] = [:]
    private var clusters: [String: Double] = [:]
    private(set) var count = 0

    mutating func insert(_ class: String, cluster: Int) {
        pairs[[`class`, "\(cluster)"], default: 0] += 1
        classes[`class`, default: 0] += 1
        clusters["\(cluster)", default: 0] += 1
        count += 1
    }

    /// The adjusted Rand index (Hubert, Arabie, Journal of Classification 2, 1985) and the mutual information
    /// over the mean of both entropies.
    var metrics: [(metric: EvaluationMetric, value: Double)] {
        guard count > 1 else { return [] }
        let together = Self.twos(pairs.values)
        let (a, b) = (Self.twos(classes.values), Self.twos(clusters.values))
        let n = Double(count)
        let expected = a * b / (n * (n - 1) / 2)
        let best = (a + b) / 2
        let ari = best == expected ? 1 : (together - expected) / (best - expected)
        let entropies = Self.entropy(classes.values, n) + Self.entropy(clusters.values, n)
        let shared = entropies - Self.entropy(pairs.values, n)
        return [(.ari, ari), (.nmi, entropies == 0 ? 1 : 2 * shared / entropies)]
    }

    private static func twos(_ counts: some Sequence<Double>) -> Double {
        counts.reduce(0) { $0 + $1 * ($1 - 1) / 2 }
    }

    private static func entropy(_ counts: some Sequence<Double>, _ n: Double) -> Double {
        counts.reduce(0) { $0 - $1 / n * log($1 / n) }
    }
}
