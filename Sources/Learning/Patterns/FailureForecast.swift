import Learners

/// How likely a call is to fail, by who asks which tool of which server.
///
/// `log odds = sum of effects` of the agent and its families, the server, the tool and its family and their
/// pairs, and two smoothed rates of failure (of the very agent with the very tool; of its family) with
/// learned weights.
///
/// Memory: 1.8 MiB.
package struct FailureForecast: Sendable {
    package static let bits = 16

    private var effects: AdditiveEffects
    private var rates: HitRates

    package init(bits: Int = bits) {
        effects = AdditiveEffects(bits: bits)
        rates = HitRates(bits: bits - 2)
    }

    /// The probability that a call fails.
    /// - Complexity: about 26 probes of tables.
    package func probability(_ call: CallFactors) -> Float {
        AdditiveEffects.probability(logOdds: effects.sum(terms(call)).mean)
    }

    package mutating func learn(_ call: CallFactors, failed: Bool) {
        effects.learn(terms(call), happened: failed)
        for name in Self.rateNames(call) { rates.record(name, isHit: failed) }
    }

    package var memoryBytes: Int { effects.memoryBytes + rates.memoryBytes }

    private func terms(_ call: CallFactors) -> [AdditiveEffects.Term] {
        typealias Term = AdditiveEffects.Term
        var terms: [Term] = []
        terms.reserveCapacity(24)
        terms.append(Term(CallFactors.name(1), variance: 1))
        for agent in call.agents { terms.append(Term(CallFactors.name(2, agent), variance: 0.15)) }
        terms.append(Term(CallFactors.name(3, call.server), variance: 0.15))
        terms.append(Term(CallFactors.name(4, call.family), variance: 0.3))
        terms.append(Term(CallFactors.name(5, call.tool), variance: 0.9))
        for agent in call.agents.suffix(2) {
            terms.append(Term(CallFactors.name(6, agent, call.server), variance: 0.09))
            terms.append(Term(CallFactors.name(7, agent, call.family), variance: 0.09))
        }
        for agent in call.agents.prefix(2) {
            terms.append(Term(CallFactors.name(8, agent, call.tool), variance: 0.15))
        }
        terms.append(Term(CallFactors.name(9, call.agent, call.tool), variance: 0.9))
        let (own, family) = smoothedRates(call)
        terms.append(
            Term(CallFactors.name(10), scale: Self.logOdds(own), mean: 1 / 3, variance: 0.09))
        terms.append(Term(CallFactors.name(11), scale: Self.logOdds(family), variance: 0.09))
        return terms
    }

    /// The names under which failures are counted: all, agent, its parent, server, family and tool, and the
    /// tool with the agent's family and with the agent.
    private static func rateNames(_ call: CallFactors) -> [UInt64] {
        [
            CallFactors.name(21), CallFactors.name(22, call.agent), CallFactors.name(23, call.agentParent),
            CallFactors.name(24, call.server), CallFactors.name(25, call.family),
            CallFactors.name(26, call.tool), CallFactors.name(27, call.agentFamily, call.tool),
            CallFactors.name(28, call.agent, call.tool),
        ]
    }

    /// The rate of the agent with the tool and that of its family, each drawn to what agent and tool alone
    /// say.
    private func smoothedRates(_ call: CallFactors) -> (own: Float, family: Float) {
        let names = Self.rateNames(call)
        let all = rates.rate(names[0], prior: 0.5, weight: 2)
        let parent = rates.rate(names[2], prior: all, weight: 4)
        let agent = rates.rate(names[1], prior: parent, weight: 4)
        let server = rates.rate(names[3], prior: all, weight: 4)
        let kind = rates.rate(names[4], prior: server, weight: 4)
        let tool = rates.rate(names[5], prior: kind, weight: 3)
        let both = AdditiveEffects.probability(
            logOdds: Self.logOdds(agent) + Self.logOdds(tool) - Self.logOdds(all))
        let family = rates.rate(names[6], prior: both, weight: 2)
        return (rates.rate(names[7], prior: family, weight: 1), family)
    }

    private static func logOdds(_ rate: Float) -> Float {
        let held = min(max(rate, 1e-4), 1 - 1e-4)
        return Transcendental.logarithm(held) - Transcendental.logarithm(1 - held)
    }
}

extension FailureForecast {
    package func save(to encoder: inout ByteEncoder) {
        effects.save(to: &encoder)
        rates.save(to: &encoder)
    }

    /// Reads a forecast; nil from bytes that none of that size wrote.
    package init?(bits: Int = bits, restoring decoder: inout ByteDecoder) {
        guard let effects = AdditiveEffects(bits: bits, restoring: &decoder),
            let rates = HitRates(bits: bits - 2, restoring: &decoder)
        else { return nil }
        (self.effects, self.rates) = (effects, rates)
    }
}
