import Schemas

/// Judges the version before by the calls that are new in the next one: how likely it held each tool to fail,
/// beside how often the tool then did.
struct VersionEvaluation {
    /// Tools that are told one by one, those with the most new calls.
    static let mostTools = 16

    private struct Tool {
        var name: String
        var calls: UInt64
        var errors: UInt64
        /// That a call fails, by the rule of succession.
        var forecast: Double

        /// The mean squared error of the forecast over the calls (Brier, "Verification of forecasts expressed
        /// in terms of probability", 1950).
        var brier: Double {
            let share = Double(errors) / Double(calls)
            return share * (1 - forecast) * (1 - forecast) + (1 - share) * forecast * forecast
        }
    }

    private let tools: [Tool]

    init(before: ToolTable, after: ToolTable) {
        var known: [String: (calls: UInt64, errors: UInt64)] = [:]
        for entry in before.entries {
            known["\(entry.server)/\(entry.tool)"] = (entry.statistics.calls, entry.statistics.errors)
        }
        tools = after.entries.compactMap { entry in
            let name = "\(entry.server)/\(entry.tool)"
            let old = known[name] ?? (0, 0)
            // After a roll-back or a merge a tool may have fewer calls than before.
            guard entry.statistics.calls > old.calls, entry.statistics.errors >= old.errors,
                entry.statistics.errors - old.errors <= entry.statistics.calls - old.calls
            else { return nil }
            return Tool(
                name: name, calls: entry.statistics.calls - old.calls,
                errors: entry.statistics.errors - old.errors,
                forecast: (Double(old.errors) + 1) / (Double(old.calls) + 2))
        }.sorted { ($1.calls, $0.name) < ($0.calls, $1.name) }
    }

    /// Features are the new calls by tool, predictions the chance that a call fails, with the share that did;
    /// `brier` is the mean over all new calls.
    func data(_ metrics: [String: Double]) -> LearningData {
        var data = LearningData()
        data.metrics = metrics
        let calls = tools.reduce(0) { $0 + Double($1.calls) }
        if calls > 0 {
            data.metrics["brier"] = tools.reduce(0) { $0 + Double($1.calls) * $1.brier } / calls
        }
        for tool in tools.prefix(Self.mostTools) {
            var feature = Feature()
            feature.name = "calls \(tool.name)"
            feature.number = Double(tool.calls)
            data.features.append(feature)
            var prediction = Schemas.Prediction()
            prediction.task = "failure \(tool.name)"
            for (outcome, chance) in [("failed", tool.forecast), ("succeeded", 1 - tool.forecast)] {
                var candidate = Candidate()
                candidate.label.name = outcome
                candidate.probability = chance
                prediction.candidates.append(candidate)
            }
            prediction.candidates.sort { $0.probability > $1.probability }
            prediction.outcome.name = "failed"
            prediction.outcome.number = Double(tool.errors) / Double(tool.calls)
            data.predictions.append(prediction)
        }
        return data
    }
}
