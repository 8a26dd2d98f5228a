import Learners
import Patterns

/// `attune evaluate prefetch-policy`: what a session's budget of prefetched calls saves of its waits, by a
/// learned policy, by the fixed thresholds of the probability and of the wait expected to be saved that are
/// best in hindsight, and by prefetching whatever is expected to save more than it costs.
///
/// With each of 20 seeds, which draw the waits (`PrefetchGame`), the policy learns from 70 % of the sessions
/// in two passes and is scored on the others; the thresholds are the best of 51 for those that are scored.
/// A curve tells what it earns when it learns from the first calls alone.
enum PrefetchEvaluation {
    static let seeds = 20
    private static let passes = 2
    private static let learnedShare = 0.7
    /// The quantile of Student's t for 20 seeds.
    private static let deviations = 2.093

    static func run(
        _ replay: CallReplay, _ file: PredictionFile?
    ) throws(EvaluationFailure) -> EvaluationResult {
        let trace = try PrefetchTrace(replay)
        var (returns, watch) = ([[Double]](repeating: [], count: 4), Stopwatch())
        let marks = LearningCurve.marks(trace.sessions.reduce(0) { $0 + $1.calls.count } / 2, replay.options)
        var early = [[Double]](repeating: [], count: marks.count)
        var rows = 0
        for trial in 0..<seeds {
            let seed = HashMix.mix(replay.options.seed, UInt64(trial))
            let game = PrefetchGame(trace, seed: seed, share: learnedShare)
            let policy = learned(game.learned, &watch)
            for (index, mark) in marks.enumerated() {
                let policy = learned(first(mark, game.learned), &watch)
                early[index].append(game.play { policy.choose($0, left: $1) })
            }
            rows += game.scored.reduce(0) { $0 + $1.moments.count }
            let values = [
                game.play { moment, left in watch.predict { policy.choose(moment, left: left) } },
                bestThreshold(game) { $0.probability }, bestThreshold(game) { $0.probability * $0.wait / 4 },
                game.play(oneStep),
            ]
            for (index, value) in values.enumerated() { returns[index].append(value) }
            try file?.append(
                replay.data.dataset, seed: trial, policy: values[0], threshold: values[1], oneStep: values[3])
            replay.progress(replay.data.dataset, trial + 1, seeds)
        }
        let (mean, half) = interval(returns[0])
        return EvaluationResult(
            task: .prefetchPolicy, dataset: replay.data.dataset, rows: rows / seeds,
            warmRows: replay.data.warmCalls, seed: replay.options.seed,
            metrics: [
                (.meanReturn, mean), (.returnLow, mean - half), (.returnHigh, mean + half),
                (.gainLow, gain(returns)), (.thresholdReturn, interval(returns[1]).mean),
                (.valueThresholdReturn, interval(returns[2]).mean),
                (.oneStepReturn, interval(returns[3]).mean),
            ],
            predictNanoseconds: watch.predictMedian, updateNanoseconds: watch.updateMedian,
            curve: zip(marks, early).map {
                CurvePoint(rows: $0, metrics: [(.meanReturn, interval($1).mean)])
            })
    }

    /// The first sessions, up to a number of calls.
    private static func first(_ calls: Int, _ sessions: [PrefetchGame.Session]) -> [PrefetchGame.Session] {
        var left = calls
        return Array(
            sessions.prefix { session in
                defer { left -= session.moments.count }
                return left > 0
            })
    }

    /// What is learned from sessions.
    private static func learned(
        _ sessions: [PrefetchGame.Session], _ watch: inout Stopwatch
    ) -> PrefetchPolicy {
        var policy = PrefetchPolicy(budget: PrefetchGame.budget, cost: PrefetchGame.cost)
        for _ in 0..<passes { learn(sessions, &policy, &watch) }
        return policy
    }

    /// Learns from sessions, each from its end, so that what comes later is known first.
    private static func learn(
        _ sessions: [PrefetchGame.Session], _ policy: inout PrefetchPolicy, _ watch: inout Stopwatch
    ) {
        for session in sessions {
            for index in session.moments.indices.reversed() {
                let next = index + 1 < session.moments.count ? session.moments[index + 1] : nil
                watch.update { policy.learn(session.moments[index], hit: session.hits[index], next: next) }
            }
        }
    }

    /// Prefetches each guess that is expected to save more than it costs.
    private static func oneStep(_ moment: PrefetchMoment, _ left: Int) -> Int {
        moment.guesses.prefix { $0.probability * $0.wait > PrefetchGame.cost }.count
    }

    private static func bestThreshold(
        _ game: PrefetchGame, _ value: (PrefetchMoment.Guess) -> Float
    ) -> Double {
        (0...50).map { step in
            game.play { moment, _ in moment.guesses.prefix { value($0) >= Float(step) / 50 }.count }
        }.max() ?? 0
    }

    /// The lower end of the interval of what the policy has beyond the best of the others, seed by seed.
    private static func gain(_ returns: [[Double]]) -> Double {
        let gains = returns[0].indices.map { seed in
            returns[0][seed] - (returns.dropFirst().map { $0[seed] }.max() ?? 0)
        }
        let (mean, half) = interval(gains)
        return mean - half
    }

    /// The mean, and half of its interval of 95 %.
    private static func interval(_ values: [Double]) -> (mean: Double, half: Double) {
        var moments = RunningMoments()
        for value in values { moments.insert(value) }
        return (moments.mean, deviations * (moments.variance / Double(max(1, values.count))).squareRoot())
    }
}
