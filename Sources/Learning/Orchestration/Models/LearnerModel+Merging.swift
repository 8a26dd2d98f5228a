import Learners
import ModelHistory

extension LearnerModel {
    /// Adds the calls that `theirs` has beyond `base` to those of `ours`, tool by tool; predictions and rates
    /// stay those of `ours`. Statistics add up, so this is what one learner would know that had seen the
    /// calls of both (McMahan and others, "Communication-efficient learning of deep networks from
    /// decentralized data", AISTATS 2017, averages where these add).
    package func merge(
        base: [String: [UInt8]], ours: [String: [UInt8]], theirs: [String: [UInt8]], weight: Double
    ) -> [String: [UInt8]]? {
        let rule = LinearMerge(weight: weight)
        guard let own = Self.state(ours), let other = Self.state(theirs),
            let common = base.isEmpty ? LearnerState() : Self.state(base)
        else { return nil }
        var merged = own
        for field in LearnerCounts.fields {
            merged.counts[keyPath: field] = rule.count(
                own.counts[keyPath: field], other.counts[keyPath: field],
                beyond: common.counts[keyPath: field])
        }
        merged.tools = own.tools.merged(with: other.tools, beyond: common.tools, rule)
        // What the learner knows beside its state goes with it.
        return ours.merging(Self.parts(of: merged)) { _, new in new }
    }
}

extension ToolTable {
    /// Tools that no call is left of go; beyond the bound those of `theirs` count as `other`.
    func merged(with theirs: ToolTable, beyond base: ToolTable, _ rule: LinearMerge) -> ToolTable {
        let (others, commons) = (theirs.byName, base.byName)
        let none = CallStatistics()
        var result = ToolTable()
        var known: Set<String> = []
        for entry in entries {
            let name = "\(entry.server)/\(entry.tool)"
            known.insert(name)
            let statistics = entry.statistics.merged(
                with: others[name] ?? none, beyond: commons[name] ?? none, rule)
            guard statistics.calls > 0 else { continue }
            result.entries[result.position(entry.server, entry.tool)].statistics = statistics
        }
        for entry in theirs.entries where !known.contains("\(entry.server)/\(entry.tool)") {
            let common = commons["\(entry.server)/\(entry.tool)"] ?? none
            let added = none.merged(with: entry.statistics, beyond: common, rule)
            guard added.calls > 0 else { continue }
            result.entries[result.position(entry.server, entry.tool)].statistics.merge(added)
        }
        return result
    }
}
