/// Predicts the next tool of a session: counts in many contexts, mixed on a logarithmic scale.
///
/// `p(v) ~ exp(w0 ln k(v) + sum over contexts c of w[c, how sure] ln(1 + n_c(v) / (h k(v))) + s(v) + l(v))`:
/// `k` is an estimate by interpolated absolute discounting over suffixes of up to six tools (Chen, Goodman,
/// Computer Speech and Language 13, 1999), `n_c(v)` counts of `v` after context `c`, `s` weights of what a
/// candidate is to the session, `l` a hashed linear softmax over words. All weights are learned online by
/// gradient, as in the logistic mixing of PAQ (Mahoney; Mattern, "Mixing strategies in data compression",
/// DCC 2012).
///
/// A second expert, `SoftmaxExpert`, has its share of each prediction (`ExpertGate`).
///
/// Memory: fixed at the start by `Sizes`. Deterministic: no randomness, and arithmetic that is the same on
/// every machine.
package struct SequenceModel: Sendable {
    /// The parts whose memory is fixed at the start, as binary logarithms.
    package struct Sizes: Sendable, Equatable {
        package var lineBits: Int
        package var rowBits: Int
        package var expertBits: Int
        package var mostSymbols: Int

        /// About 20 MiB.
        package static let standard = Sizes(lineBits: 18, rowBits: 12, expertBits: 13, mostSymbols: 16_384)

        package init(lineBits: Int, rowBits: Int, expertBits: Int, mostSymbols: Int) {
            self.lineBits = lineBits
            self.rowBits = rowBits
            self.expertBits = expertBits
            self.mostSymbols = mostSymbols
        }
    }

    let sizes: Sizes
    var counts: ContextCounts
    var softmax: HashedSoftmax
    /// How often each symbol came, in calls that fade.
    var unigrams: [Float]
    var mixing = MixingWeights()
    var expert: SoftmaxExpert
    var gate = ExpertGate()
    var scratch = SequenceScratch()
    /// Makes the places of contexts and words those of a seed.
    var salt: UInt64
    /// Calls learned so far.
    package internal(set) var learned: UInt64 = 0

    package init(_ sizes: Sizes = .standard, seed: UInt64 = 0) {
        self.sizes = sizes
        salt = HashMix.mix(seed)
        counts = ContextCounts(bits: sizes.lineBits)
        softmax = HashedSoftmax(bits: sizes.rowBits)
        expert = SoftmaxExpert(bits: sizes.expertBits)
        unigrams = [Float](repeating: 0, count: sizes.mostSymbols)
    }

    /// The probability of each candidate, in the vocabulary's order; they sum to one.
    package mutating func predict(
        _ trail: SequenceTrail, _ vocabulary: SequenceVocabulary
    ) -> [Float] {
        forward(trail, vocabulary)
        let share = gate.share(knowledge(trail))
        return scratch.probabilities.indices.map { index in
            (1 - share) * scratch.probabilities[index] + share * expert.probabilities[index]
        }
    }

    /// The gate's state: whether the latest call, or even the latest two, came before with their arguments.
    private func knowledge(_ trail: SequenceTrail) -> Int {
        let (one, two) = (trail.contexts[SequenceContexts.call], trail.contexts[SequenceContexts.twoCalls])
        guard one != 0, counts.line(one ^ salt) != nil else { return 0 }
        return counts.line(two ^ salt) != nil ? 2 : 1
    }

    /// Learns which candidate came; one that is not in the vocabulary teaches only the counts.
    package mutating func learn(
        _ symbol: Int, after trail: SequenceTrail, _ vocabulary: SequenceVocabulary
    ) {
        guard symbol >= 0, symbol < sizes.mostSymbols else { return }
        if !scratch.isCurrent(learned, trail, vocabulary) { forward(trail, vocabulary) }
        if let target = scratch.position(symbol) {
            gate.learn(
                knowledge(trail), first: scratch.probabilities[target],
                second: expert.probabilities[target])
            expert.descend(target, vocabulary)
            descend(target, trail, vocabulary)
        }
        for context in 0..<SequenceContexts.count where trail.contexts[context] != 0 {
            counts.record(trail.contexts[context] ^ salt, symbol: symbol)
        }
        unigrams[symbol] += 1
        learned += 1
    }

    /// What it holds, in bytes; the same from its start to its end.
    package var memoryBytes: Int {
        counts.memoryBytes + softmax.memoryBytes + expert.memoryBytes + unigrams.count * 4 + MixingWeights
            .count * 8
    }
}
