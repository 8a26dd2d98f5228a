import Patterns

/// Tasks with the outcomes of each agent's runs, from which rounds are played.
struct AgentTasks: Sendable {
    struct Task: Sendable {
        var factors: CallFactors
        /// Agents with runs of it, as hashes, in the order of their first rows.
        var arms: [UInt64] = []
        var names: [String] = []
        /// Outcomes of each arm's runs.
        var rewards: [[Bool]] = []

        /// The outcomes of an agent; nil without runs.
        func rewards(of name: String) -> [Bool]? { names.firstIndex(of: name).map { rewards[$0] } }
    }

    /// In the order of their first rows.
    private(set) var tasks: [Task] = []

    init(_ rows: [OutcomeRow]) {
        var places: [UInt64: Int] = [:]
        for row in rows {
            let factors = row.factors
            let place = places[factors.tool] ?? tasks.count
            if place == tasks.count {
                places[factors.tool] = place
                tasks.append(Task(factors: CallFactors(agent: "", server: row.server, tool: row.tool)))
            }
            let arm = tasks[place].arms.firstIndex(of: factors.agent) ?? tasks[place].arms.count
            if arm == tasks[place].arms.count {
                tasks[place].arms.append(factors.agent)
                tasks[place].names.append(row.agent)
                tasks[place].rewards.append([])
            }
            tasks[place].rewards[arm].append(row.failed == false)
        }
    }

    /// The share of tasks that each agent does, in the order of their first rows.
    var rates: [(agent: String, rate: Double)] {
        var (names, sums): ([String], [String: (sum: Double, count: Double)]) = ([], [:])
        for task in tasks {
            for (name, rewards) in zip(task.names, task.rewards) {
                if sums[name] == nil { names.append(name) }
                let rate = Double(rewards.count { $0 }) / Double(rewards.count)
                sums[name, default: (0, 0)].sum += rate
                sums[name, default: (0, 0)].count += 1
            }
        }
        return names.map { name in
            let (sum, count) = sums[name] ?? (0, 1)
            return (name, sum / count)
        }
    }
}
