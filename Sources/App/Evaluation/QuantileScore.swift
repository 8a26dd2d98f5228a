/// The metrics of a bound below which a share of values should lie.
struct QuantileScore: Sendable {
    private let share: Double
    private var loss = 0.0
    private var below = 0
    private(set) var count = 0

    /// - Parameter share: from 0 to 1.
    init(share: Double) { self.share = share }

    mutating func insert(bound: Double, value: Double) {
        let excess = value - bound
        loss += excess > 0 ? share * excess : (share - 1) * excess
        if excess <= 0 { below += 1 }
        count += 1
    }

    var metrics: [(metric: EvaluationMetric, value: Double)] {
        guard count > 0 else { return [] }
        return [(.pinball95, loss / Double(count)), (.coverage95, Double(below) / Double(count))]
    }
}
