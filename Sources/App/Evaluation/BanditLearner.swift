import Learners
import Patterns

/// What `BanditEvaluation` asks of a bandit: arms are agents, what is known is which task of which server.
protocol BanditLearner: Sendable {
    mutating func reseed(_ seed: UInt64)
    mutating func choose(_ arms: [UInt64], for task: CallFactors) -> ArmChoice?
    mutating func learn(_ arm: UInt64, for task: CallFactors, isReward: Bool)
}

extension BetaBandit: BanditLearner {
    mutating func choose(_ arms: [UInt64], for task: CallFactors) -> ArmChoice? {
        choose(arms, group: task.server, context: task.tool)
    }

    mutating func learn(_ arm: UInt64, for task: CallFactors, isReward: Bool) {
        learn(arm, group: task.server, context: task.tool, reward: isReward ? 1 : 0)
    }
}

extension GaussianBandit: BanditLearner {
    mutating func choose(_ arms: [UInt64], for task: CallFactors) -> ArmChoice? {
        choose(arms, group: task.server, context: task.tool)
    }

    mutating func learn(_ arm: UInt64, for task: CallFactors, isReward: Bool) {
        learn(arm, group: task.server, context: task.tool, reward: isReward ? 1 : 0)
    }
}

extension ContextualBandit: BanditLearner {
    mutating func choose(_ arms: [UInt64], for task: CallFactors) -> ArmChoice? {
        choose(arms, features: [task.server, task.tool])
    }

    mutating func learn(_ arm: UInt64, for task: CallFactors, isReward: Bool) {
        learn(arm, features: [task.server, task.tool], isReward: isReward)
    }
}
