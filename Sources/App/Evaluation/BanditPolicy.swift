import Learners

/// What chooses the agents in `attune evaluate bandit`.
package enum BanditPolicy: String, Sendable, CaseIterable {
    /// Thompson sampling with a hierarchy of Beta beliefs.
    case thompson
    /// Thompson sampling with a hierarchy of normal beliefs.
    case gaussian
    /// SquareCB over the task and its server.
    case squareCB = "square-cb"
    /// The agent with the best mean so far, whatever the task, or in one choice of ten any: a baseline.
    case epsilonGreedy = "epsilon-greedy"

    func learner(seed: UInt64) -> any BanditLearner {
        switch self {
        case .thompson: BetaBandit(seed: seed)
        case .gaussian: GaussianBandit(seed: seed)
        case .squareCB: ContextualBandit(seed: seed)
        case .epsilonGreedy: EpsilonGreedy(seed: seed)
        }
    }
}
