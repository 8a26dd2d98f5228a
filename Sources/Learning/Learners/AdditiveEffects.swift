/// A sum of effects, each a normal belief about one weight, that is learned by Bayes' rule term by term.
///
/// The belief about a sum has the terms' mean and variance; an outcome moves each term in proportion to its
/// variance, so that what is new learns fast and a specific effect takes only what general ones leave over: a
/// hierarchical model with one step a row. For outcomes the likelihood is logistic, by Laplace's
/// approximation (Spiegelhalter, Lauritzen: "Sequential updating of conditional probabilities on directed
/// graphical structures", Networks 20, 1990; with diagonal covariance as in Graepel et al.: "Web-scale
/// Bayesian click-through rate prediction", ICML 2010); for values it is normal, with innovations cut off at
/// three deviations (Masreliez, Martin: "Robust Bayesian estimation", IEEE TAC 22, 1977).
///
/// Memory: 24 bytes an effect, `1 << bits` effects.
/// - Complexity: four probes a term, for the sum and for learning.
package struct AdditiveEffects: Sendable {
    /// One effect that takes part: its name, a well-mixed hash, and what is believed of it at first.
    package struct Term: Sendable {
        package var name: UInt64
        /// What the weight is multiplied with.
        package var scale: Float = 1
        package var mean: Float = 0
        package var variance: Float

        package init(_ name: UInt64, scale: Float = 1, mean: Float = 0, variance: Float) {
            (self.name, self.scale, self.mean, self.variance) = (name, scale, mean, variance)
        }
    }

    package struct Belief: Sendable, Equatable {
        package var mean: Float
        package var variance: Float
    }

    private static let mostDeviations: Float = 3
    /// An effect never grows surer than this share of its first variance, so that it can follow a change.
    private static let leastVariance: Float = 1.0 / 4096

    private var table: PairTable

    /// - Parameter bits: the binary logarithm of the number of effects, from 4 to 20.
    package init(bits: Int) { table = PairTable(bits: bits) }

    package var memoryBytes: Int { table.memoryBytes }

    package func sum(_ terms: [Term]) -> Belief {
        var belief = Belief(mean: 0, variance: 0)
        for term in terms {
            let (mean, variance) = table[term.name] ?? (term.mean, term.variance)
            belief.mean += mean * term.scale
            belief.variance += variance * term.scale * term.scale
        }
        return belief
    }

    /// The probability that log odds stand for, kept off 0 and 1.
    package static func probability(logOdds: Float) -> Float {
        1 / (1 + Transcendental.exponential(-min(max(logOdds, -16), 16)))
    }

    /// Learns that something happened or not, whose log odds the sum is.
    package mutating func learn(_ terms: [Term], happened: Bool) {
        let belief = sum(terms)
        let probability = Self.probability(logOdds: belief.mean)
        let information = max(probability * (1 - probability), 1e-4)
        let scale = 1 / (1 + information * belief.variance)
        step(terms, gradient: ((happened ? 1 : 0) - probability) * scale, information: information * scale)
    }

    /// Learns the value of a sum that was seen with noise of a variance.
    package mutating func learn(_ terms: [Term], value: Float, noise: Float) {
        let belief = sum(terms)
        let variance = max(noise + belief.variance, 1e-9)
        let most = Self.mostDeviations * variance.squareRoot()
        let innovation = min(max(value - belief.mean, -most), most)
        step(terms, gradient: innovation / variance, information: 1 / variance)
    }

    private mutating func step(_ terms: [Term], gradient: Float, information: Float) {
        for term in terms {
            let (mean, variance) = table[term.name] ?? (term.mean, term.variance)
            let gain = variance * term.scale
            let left = max(variance - gain * gain * information, term.variance * Self.leastVariance)
            table.set(term.name, mean + gain * gradient, left)
        }
    }
}

extension AdditiveEffects {
    package func save(to encoder: inout ByteEncoder) { table.save(to: &encoder) }

    /// Reads effects; nil from bytes that none of that size wrote.
    package init?(bits: Int, restoring decoder: inout ByteDecoder) {
        guard let table = PairTable(bits: bits, restoring: &decoder) else { return nil }
        self.table = table
    }
}
