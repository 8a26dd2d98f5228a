import Learners
import Patterns

/// `attune evaluate ab`: how often a test that is looked at after each unit sees a difference between an
/// agent and itself, and how many units it takes to tell two agents apart.
///
/// A unit is a task, drawn evenly from those that both agents have runs of, given to one of them by a coin,
/// and its reward whether a run of that agent at that task, drawn evenly, succeeded. Each agent is compared
/// with itself with each of 20 seeds, 4,000 units each; two agents with each of 20 seeds until the test tells
/// them apart or 100,000 units are over. The two are those whose rates come closest to .526 and .469, which
/// two models of MCPMark have. `n` counts the comparisons of an agent with itself, in a curve their units.
enum ExperimentEvaluation {
    static let seeds = 20
    private static let unitsWithItself = 4000
    private static let mostUnits = 100_000
    private static let rates = (0.526, 0.469)

    private struct Comparison {
        var tasks: [(factors: CallFactors, rewards: [[Bool]])]
        var first: String
        var second: String
    }

    static func run(
        _ data: OutcomeData, _ options: EvaluationOptions, _ progress: (String, Int, Int) -> Void,
        _ file: PredictionFile?
    ) throws(EvaluationFailure) -> EvaluationResult {
        let runs = AgentTasks(data.scored)
        let agents = runs.rates
        var learned = Experiment()
        for row in data.warm { learned.learn(row.factors, reward: row.failed == false ? 1 : 0) }
        // After how many units each difference was seen that is none.
        var (watch, mistakes, trials) = (Stopwatch(), [Int](), 0)
        for agent in agents {
            let same = comparison(runs, agent.agent, agent.agent)
            for seed in 0..<seeds {
                let (units, isDecided) = try play(
                    same, learned, seed, unitsWithItself, data.dataset, options, &watch, file)
                if isDecided { mistakes.append(units) }
                trials += 1
            }
            progress(data.dataset, trials, agents.count * seeds)
        }
        func rate(_ units: Int) -> EvaluationMetric.Values {
            [(.falsePositiveRate, Double(mistakes.count { $0 <= units }) / Double(max(1, trials)))]
        }
        var metrics = rate(unitsWithItself)
        if let (first, second) = pair(agents) {
            let other = comparison(runs, first, second)
            var units = 0
            for seed in 0..<seeds where !other.tasks.isEmpty {
                units += try play(other, learned, seed, mostUnits, data.dataset, options, &watch, file).units
            }
            metrics.append((.unitsPerArm, Double(units) / Double(2 * seeds)))
        }
        return EvaluationResult(
            task: .ab, dataset: data.dataset, rows: trials, warmRows: data.warm.count, seed: options.seed,
            metrics: metrics, predictNanoseconds: watch.predictMedian,
            updateNanoseconds: watch.updateMedian,
            curve: LearningCurve.marks(unitsWithItself, options).map {
                CurvePoint(rows: $0, metrics: rate($0))
            })
    }

    /// Plays units until the test decides or `most` are over.
    private static func play(
        _ comparison: Comparison, _ learned: Experiment, _ trial: Int, _ most: Int, _ dataset: String,
        _ options: EvaluationOptions, _ watch: inout Stopwatch, _ file: PredictionFile?
    ) throws(EvaluationFailure) -> (units: Int, isDecided: Bool) {
        var (experiment, draws, units) = (learned, UInt64(0), 0)
        let seed = HashMix.mix(HashMix.mix(options.seed, UInt64(trial)), 17)
        func draw(_ count: Int) -> Int {
            draws += 1
            return Int(HashMix.mix(seed, draws) % UInt64(count))
        }
        var isDecided = false
        while units < most, !isDecided {
            let task = comparison.tasks[draw(comparison.tasks.count)]
            let arm = draw(2)
            let isReward = task.rewards[arm][draw(task.rewards[arm].count)]
            watch.update {
                experiment.insert(task.factors, reward: isReward ? 1 : 0, isSecond: arm == 1)
            }
            units += 1
            isDecided = watch.predict { experiment.test.isDecided }
        }
        try file?.append(
            dataset, seed: trial, first: comparison.first, second: comparison.second,
            unitsPerArm: Double(units) / 2, test: experiment.test)
        return (units, isDecided)
    }

    private static func comparison(_ runs: AgentTasks, _ first: String, _ second: String) -> Comparison {
        let tasks = runs.tasks.compactMap { task -> (factors: CallFactors, rewards: [[Bool]])? in
            guard let one = task.rewards(of: first), let two = task.rewards(of: second) else { return nil }
            return (task.factors, [one, two])
        }
        return Comparison(tasks: tasks, first: first, second: second)
    }

    /// The two agents whose rates come closest to those that were asked for; nil below two agents.
    private static func pair(_ agents: [(agent: String, rate: Double)]) -> (first: String, second: String)? {
        var best: (first: String, second: String, distance: Double)?
        for one in agents {
            for two in agents where two.agent != one.agent {
                let distance = (two.rate - rates.0).magnitude + (one.rate - rates.1).magnitude
                if distance < best?.distance ?? .infinity { best = (one.agent, two.agent, distance) }
            }
        }
        return best.map { ($0.first, $0.second) }
    }
}
