import Learners
import Patterns

/// `attune evaluate bandit`: which agent to give a task to, when only the outcome of the chosen one is seen.
///
/// In each round a task is drawn evenly from those of the data, an agent is chosen among those with runs of
/// it, and the reward is whether a run drawn evenly from theirs succeeded. `options.rounds` rounds are played
/// with each of 20 seeds, each from the warm rows on, or from nothing; `n` counts the rounds of one seed.
enum BanditEvaluation {
    static let seeds = 20

    static func run(
        _ data: OutcomeData, _ options: EvaluationOptions, _ progress: (String, Int, Int) -> Void,
        _ file: PredictionFile?
    ) throws(EvaluationFailure) -> EvaluationResult {
        let tasks = AgentTasks(data.scored).tasks
        var learned = options.policy.learner(seed: options.seed)
        for row in data.warm {
            learned.learn(row.factors.agent, for: row.factors, isReward: row.failed == false)
        }
        let marks = LearningCurve.marks(options.rounds, options)
        var (sums, watch) = ([Int](repeating: 0, count: marks.count + 1), Stopwatch())
        for trial in 0..<seeds {
            let rewards = try play(tasks, learned, trial, data.dataset, options, &watch, file)
            for (index, rounds) in (marks + [options.rounds]).enumerated() {
                sums[index] += rewards.prefix(rounds).count { $0 }
            }
            progress(data.dataset, trial + 1, seeds)
        }
        return EvaluationResult(
            task: .bandit, dataset: data.dataset, rows: options.rounds, warmRows: data.warm.count,
            seed: options.seed, metrics: metrics(sums[marks.count], options.rounds),
            predictNanoseconds: watch.predictMedian, updateNanoseconds: watch.updateMedian,
            curve: zip(marks, sums).map { CurvePoint(rows: $0, metrics: metrics($1, $0)) })
    }

    private static func metrics(_ sum: Int, _ rounds: Int) -> EvaluationMetric.Values {
        [(.meanReward, Double(sum) / Double(max(1, rounds) * seeds))]
    }

    /// Plays the rounds of a seed, and tells which of them were rewarded.
    private static func play(
        _ tasks: [AgentTasks.Task], _ learned: any BanditLearner, _ trial: Int, _ dataset: String,
        _ options: EvaluationOptions, _ watch: inout Stopwatch, _ file: PredictionFile?
    ) throws(EvaluationFailure) -> [Bool] {
        let seed = HashMix.mix(options.seed, UInt64(trial))
        var (bandit, draws, rewards) = (learned, UInt64(0), [Bool](repeating: false, count: options.rounds))
        bandit.reseed(seed)
        func draw(_ count: Int) -> Int {
            draws += 1
            return Int(HashMix.mix(seed, draws) % UInt64(count))
        }
        for round in 0..<options.rounds {
            let task = tasks[draw(tasks.count)]
            guard let choice = watch.predict({ bandit.choose(task.arms, for: task.factors) }) else {
                continue
            }
            let runs = task.rewards[choice.place]
            let isReward = runs[draw(runs.count)]
            rewards[round] = isReward
            try file?.append(
                dataset, seed: trial, round: round, arm: task.names[choice.place],
                propensity: choice.propensity, reward: isReward ? 1 : 0)
            if options.isFrozen { continue }
            watch.update {
                bandit.learn(task.arms[choice.place], for: task.factors, isReward: isReward)
            }
        }
        return rewards
    }
}
