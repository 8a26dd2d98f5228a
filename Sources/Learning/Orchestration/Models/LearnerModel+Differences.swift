import Learners
import ModelHistory

extension LearnerModel {
    package func differences(
        from old: [String: [UInt8]], to new: [String: [UInt8]]
    ) -> [ModelDifference]? {
        guard let before = Self.state(old), let after = Self.state(new) else { return nil }
        return Self.counts(before.counts, after.counts) + Self.tools(before.tools, after.tools)
    }

    private static func counts(_ before: LearnerCounts, _ after: LearnerCounts) -> [ModelDifference] {
        var fields: [ModelDifference.Field] = []
        for (name, field) in zip(countNames, LearnerCounts.fields)
        where before[keyPath: field] != after[keyPath: field] {
            fields.append(
                ModelDifference.Field(name, Double(before[keyPath: field]), Double(after[keyPath: field])))
        }
        guard !fields.isEmpty else { return [] }
        return [ModelDifference(part: countsPart, item: "learner", change: .changed, fields: fields)]
    }

    private static func tools(_ before: ToolTable, _ after: ToolTable) -> [ModelDifference] {
        let (old, new) = (before.byName, after.byName)
        return Set(old.keys).union(new.keys).sorted().compactMap { item in
            let (left, right) = (old[item].map(numbers), new[item].map(numbers))
            let fields = fieldNames.enumerated().compactMap { index, name -> ModelDifference.Field? in
                let (from, to) = (left?[index], right?[index])
                return from == to ? nil : ModelDifference.Field(name, from, to)
            }
            guard !fields.isEmpty else { return nil }
            let change: ModelDifference.Change = left == nil ? .added : right == nil ? .removed : .changed
            return ModelDifference(part: toolsPart, item: item, change: change, fields: fields)
        }
    }

    /// The names of `LearnerCounts.fields`, in their order.
    static let countNames = [
        "records", "rejected", "unnamed", "lost", "commands", "refused_commands", "lost_commands",
        "predictions", "recovered",
    ]

    private static let fieldNames = [
        "calls", "errors", "request_bytes", "result_bytes", "mean_us", "p50_us", "p99_us", "upstream_p50_us",
        "queue_mean_us",
    ]

    private static func numbers(_ statistics: CallStatistics) -> [Double] {
        [
            Double(statistics.calls), Double(statistics.errors), Double(statistics.requestBytes),
            Double(statistics.resultBytes), statistics.durationMoments.mean,
            statistics.durations.quantile(0.5) ?? 0, statistics.durations.quantile(0.99) ?? 0,
            statistics.upstreams.quantile(0.5) ?? 0, statistics.queueMoments.mean,
        ]
    }
}

extension ToolTable {
    /// Statistics by `SERVER/TOOL`.
    var byName: [String: CallStatistics] {
        var found: [String: CallStatistics] = [:]
        for entry in entries { found["\(entry.server)/\(entry.tool)"] = entry.statistics }
        return found
    }
}
