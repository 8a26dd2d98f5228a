import Wire

/// How right the predictions of a task were, each made before its call was learned (prequentially).
package struct PatternScore: Sendable, Equatable {
    package struct Figures: Sendable, Equatable {
        /// Predictions that were judged.
        package var count: UInt64
        /// By the name of the metric, in the order of `PatternScore.metrics`.
        package var values: [(metric: String, value: Double)]

        package static func == (one: Figures, other: Figures) -> Bool {
            one.count == other.count && one.values.elementsEqual(other.values, by: ==)
        }

        package subscript(metric: String) -> Double? { values.first { $0.metric == metric }?.value }

        init(_ view: JSONView) {
            count = PatternField(view["n"]).count
            values = PatternScore.metrics.compactMap { name in
                PatternField(view.member(name)).number.map { (name, $0) }
            }
        }
    }

    /// One figure of a task that grows with how right it is, from 0 to 1.
    package enum Natural: String, Sendable {
        /// The share of calls that the first guess was.
        case top1
        /// One minus the mean squared error of the probabilities.
        case oneMinusBrier = "one_minus_brier"
        /// The share of latencies within what was to be the 95 % bound, which is best at 0.95.
        case coverage95
    }

    /// What the learner may tell; all but these are left out.
    static let metrics = ["top1", "top3", "bits", "brier", "auroc", "pinball95", "coverage95"]
    /// The tasks that have series of their own among the metrics.
    package static let tasks: [(task: String, natural: Natural)] = [
        ("next-tool", .top1), ("next-call", .top1), ("failure", .oneMinusBrier), ("latency", .coverage95),
        ("cacheability", .oneMinusBrier),
    ]

    package var task: String
    /// Of all calls.
    package var all: Figures
    /// Of the latest ones, some five hundred.
    package var recent: Figures?

    init?(_ view: JSONView) {
        guard let task = PatternField(view["task"]).word else { return nil }
        self.task = task
        all = Figures(view)
        if let recent = view["recent"], recent.kind == .object { self.recent = Figures(recent) }
    }

    /// The natural figure of a known task, of the latest calls where they are told apart; none before the
    /// first prediction was judged.
    package var natural: (name: Natural, value: Double)? {
        guard let name = Self.tasks.first(where: { $0.task == task })?.natural else { return nil }
        let figures = recent ?? all
        guard figures.count > 0 else { return nil }
        let value: Double? =
            switch name {
            case .top1: figures["top1"]
            case .oneMinusBrier: figures["brier"].map { 1 - $0 }
            case .coverage95: figures["coverage95"]
            }
        return value.flatMap { (0...1).contains($0) ? (name, $0) : nil }
    }
}
