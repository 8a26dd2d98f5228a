/// A metric of an evaluation, as `attune evaluate -o json` names it.
package enum EvaluationMetric: String, Sendable, CaseIterable {
    case top1, top3, top5
    /// The mean of one over the rank of what came.
    case mrr
    /// The mean of -log2 of the probability of what came.
    case bits
    /// The area below the curve of hits over false alarms.
    case auroc
    /// The mean precision at each hit.
    case ap
    /// The adjusted Rand index.
    case ari
    /// Mutual information over the mean of both entropies.
    case nmi
    /// The share of the things asked for that are among the first guesses.
    case r1, r5, r10
    /// The normalized discounted cumulative gain of the first ten guesses.
    case ndcg10
    /// The mean reward of a round.
    case meanReward = "mean_reward"
    /// The mean return of a session, in seconds, and the ends of its interval of 95 % over all seeds.
    case meanReturn = "mean_return"
    case returnLow = "return_low95"
    case returnHigh = "return_high95"
    /// The lower end of the interval of what it has, seed by seed, beyond the best of the rules below.
    case gainLow = "gain_low95"
    /// That of the thresholds of probability and of expected savings that are best in hindsight, and of the
    /// expected value of one step.
    case thresholdReturn = "threshold_return"
    case valueThresholdReturn = "value_threshold_return"
    case oneStepReturn = "one_step_return"
    /// The share of comparisons of an agent with itself in which the test saw a difference.
    case falsePositiveRate = "false_positive_rate"
    /// The mean number of units of each arm until the test told two agents apart.
    case unitsPerArm = "n_per_arm"
    /// The mean square of what a probability is off.
    case brier
    /// The mean loss of a bound that 95 % should keep, of logarithms of seconds.
    case pinball95
    /// The share that kept that bound.
    case coverage95
    /// The standard profile of the Numenta Anomaly Benchmark.
    case nabStandard = "nab_standard"

    package typealias Values = [(metric: EvaluationMetric, value: Double)]
}
