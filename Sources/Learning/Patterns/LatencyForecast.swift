import Learners

/// How long a call will take, by who asks which tool of which server: its median and a bound that it keeps.
///
/// `ln seconds = sum of effects + noise`, the effects as those of `FailureForecast`; the variance of the
/// noise is learned for agents, tools and their pairs, and the bound lies as many deviations above the middle
/// as keep the promised share of calls below it (`ConformalQuantile`), whether the noise is normal or not.
///
/// Memory: 2 MiB.
package struct LatencyForecast: Sendable {
    package static let bits = 16
    /// The share of calls that should take no longer than the bound.
    package static let share: Float = 0.95
    private static let rate: Float = 0.02
    private static let leastSeconds: Float = 1e-6
    private static let mostSeconds: Float = 1e6

    package struct Forecast: Sendable, Equatable {
        /// Logarithms of seconds.
        package var middle: Float
        package var bound: Float
        fileprivate var noise: Float
        fileprivate var deviation: Float
    }

    private var effects: AdditiveEffects
    private var spreads: SpreadTable
    private var quantile = ConformalQuantile(share: share, start: 1.645, rate: rate)

    package init(bits: Int = bits) {
        effects = AdditiveEffects(bits: bits)
        spreads = SpreadTable(bits: bits - 2)
    }

    /// - Complexity: about 20 probes of tables.
    package func forecast(_ call: CallFactors) -> Forecast { forecast(call, Self.terms(call)) }

    /// Learns how long a call took.
    /// - Parameter seconds: held to between a microsecond and 11 days.
    package mutating func learn(_ call: CallFactors, seconds: Float) {
        let terms = Self.terms(call)
        let forecast = forecast(call, terms)
        let value = Self.logarithm(seconds)
        let error = value - forecast.middle
        effects.learn(terms, value: value, noise: forecast.noise)
        quantile.insert(error / forecast.deviation)
        // What the uncertain middle explains of the error is not noise.
        let square = error * error * forecast.noise / (forecast.deviation * forecast.deviation)
        for name in Self.spreadNames(call) { spreads.insert(name, square: square) }
    }

    package static func logarithm(_ seconds: Float) -> Float {
        Transcendental.logarithm(min(max(seconds, leastSeconds), mostSeconds))
    }

    package var memoryBytes: Int { effects.memoryBytes + spreads.memoryBytes + 12 }

    private func forecast(_ call: CallFactors, _ terms: [AdditiveEffects.Term]) -> Forecast {
        let belief = effects.sum(terms)
        let noise = noise(call)
        let deviation = (noise + belief.variance).squareRoot()
        return Forecast(
            middle: belief.mean, bound: belief.mean + quantile.value * deviation, noise: noise,
            deviation: deviation)
    }

    private static func terms(_ call: CallFactors) -> [AdditiveEffects.Term] {
        typealias Term = AdditiveEffects.Term
        var terms: [Term] = []
        terms.reserveCapacity(24)
        terms.append(Term(CallFactors.name(1), variance: 4))
        for agent in call.agents { terms.append(Term(CallFactors.name(2, agent), variance: 0.3)) }
        terms.append(Term(CallFactors.name(3, call.server), variance: 0.3))
        terms.append(Term(CallFactors.name(4, call.family), variance: 0.2))
        terms.append(Term(CallFactors.name(5, call.tool), variance: 0.3))
        for agent in call.agents.suffix(2) {
            terms.append(Term(CallFactors.name(6, agent, call.server), variance: 0.1))
        }
        for agent in call.agents.prefix(2) {
            terms.append(Term(CallFactors.name(8, agent, call.tool), variance: 0.1))
        }
        terms.append(Term(CallFactors.name(9, call.agent, call.tool), variance: 0.15))
        return terms
    }

    /// The names under which squares of errors are averaged: all, the agent, the tool, and both.
    private static func spreadNames(_ call: CallFactors) -> [UInt64] {
        [
            CallFactors.name(31), CallFactors.name(32, call.agent), CallFactors.name(33, call.tool),
            CallFactors.name(34, call.agent, call.tool),
        ]
    }

    private func noise(_ call: CallFactors) -> Float {
        let names = Self.spreadNames(call)
        let all = max(1e-4, spreads.mean(names[0], prior: 0.5, weight: 2))
        let agent = spreads.mean(names[1], prior: all, weight: 10)
        let tool = spreads.mean(names[2], prior: all, weight: 10)
        return max(1e-4, spreads.mean(names[3], prior: agent * tool / all, weight: 3))
    }
}

extension LatencyForecast {
    package func save(to encoder: inout ByteEncoder) {
        effects.save(to: &encoder)
        spreads.save(to: &encoder)
        quantile.save(to: &encoder)
    }

    /// Reads a forecast; nil from bytes that none of that size wrote.
    package init?(bits: Int = bits, restoring decoder: inout ByteDecoder) {
        guard let effects = AdditiveEffects(bits: bits, restoring: &decoder),
            let spreads = SpreadTable(bits: bits - 2, restoring: &decoder),
            let quantile = ConformalQuantile(share: Self.share, rate: Self.rate, restoring: &decoder)
        else { return nil }
        (self.effects, self.spreads, self.quantile) = (effects, spreads, quantile)
    }
}
