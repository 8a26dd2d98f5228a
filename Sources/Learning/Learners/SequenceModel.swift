/// Predicts the next tool of a session: counts in many contexts, mixed on a logarithmic scale.
///
/// `p(v) ~ exp(w0 ln k(v) + sum over contexts c of w[c, how sure] ln(1 + n_c(v) / (h k(v))) + s(v) + l(v))`:
/// `k` is an estimate by interpolated absolute discounting over suffixes of up to six tools (Chen, Goodman,
/// Computer Speech and Language 13, 1999), `n_c(v)` counts of `v` after context `c`, `s` weights of what a
/// candidate is to the session, `l` a hashed linear softmax over words. All weights are learned online by
/// gradient, as in the logistic mixing of PAQ (Mahoney; Mattern, "Mixing strategies in data compression",
/// DCC 2012).
///
/// A second expert, `SoftmaxExpert`, has its share of each prediction (`ExpertGate`), which is made as sure
/// as earlier ones turned out (`Sharpness`).
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

    /// What is shared evenly at last, so that no candidate is impossible.
    private static let leastShare: Float = 0.0001

    let sizes: Sizes
    var counts: ContextCounts
    var softmax: HashedSoftmax
    /// How often each symbol came, in calls that fade.
    var unigrams: [Float]
    var mixing = MixingWeights()
    var expert: SoftmaxExpert
    var gate = ExpertGate()
    var sharpness = Sharpness()
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
        return scratch.mixed
    }

    /// Computes what both experts say together.
    mutating func mix(_ trail: SequenceTrail) {
        scratch.knowledge = knowledge
        let (share, power) = (gate.share(scratch.knowledge), sharpness.power(trail.calls))
        for index in scratch.mixed.indices {
            let mixed = (1 - share) * scratch.probabilities[index] + share * expert.probabilities[index]
            scratch.logMixed[index] = Transcendental.logarithm(mixed)
            scratch.mixed[index] = power * scratch.logMixed[index]
        }
        Transcendental.softmax(&scratch.mixed, share: Self.leastShare)
    }

    /// Lets the second expert learn again from an earlier example, and keeps the latest one.
    private mutating func replay(_ symbol: Int, _ vocabulary: SequenceVocabulary) {
        expert.remember(symbol)
        guard let example = expert.draw(HashMix.mix(salt &+ learned)),
            let target = scratch.position(example.symbol)
        else { return }
        expert.replay(example.place, target, vocabulary, unigrams: unigrams)
    }

    /// Learns how far to trust the experts, and both together.
    private mutating func weighExperts(_ target: Int, _ trail: SequenceTrail) {
        var mean: Float = 0
        for index in scratch.mixed.indices { mean += scratch.mixed[index] * scratch.logMixed[index] }
        sharpness.learn(trail.calls, came: scratch.logMixed[target], mean: mean)
        gate.learn(
            scratch.knowledge, first: scratch.probabilities[target], second: expert.probabilities[target])
    }

    /// The gate's state: whether the latest call, or even the latest two, came before with their arguments.
    private var knowledge: Int {
        guard scratch.lines[SequenceContexts.call] >= 0 else { return 0 }
        return scratch.lines[SequenceContexts.twoCalls] >= 0 ? 2 : 1
    }

    /// Learns which candidate came; one that is not in the vocabulary teaches only the counts.
    package mutating func learn(
        _ symbol: Int, after trail: SequenceTrail, _ vocabulary: SequenceVocabulary
    ) {
        guard symbol >= 0, symbol < sizes.mostSymbols else { return }
        if !scratch.isCurrent(learned, trail, vocabulary) { forward(trail, vocabulary) }
        if let target = scratch.position(symbol) {
            weighExperts(target, trail)
            expert.descend(target, vocabulary)
            descend(target, trail, vocabulary)
            if learned < SoftmaxExpert.mostReplayed { replay(symbol, vocabulary) }
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
