/// Predicts the next tool by softmax regression over hashed features, and how common a tool is.
///
/// `p(v) ~ exp(w ln u(v) + sum over features f of W[f][v])`, `u` being how often `v` came. It errs unlike
/// counts, so that both together know more than either (`ExpertGate`).
///
/// Memory: 2 MiB with 13 row bits.
/// - Complexity: features (at most `mostFeatures`) times candidates, for predicting and for learning.
struct SoftmaxExpert: Sendable {
    static let mostFeatures = 10 + SequenceTrail.mostSeen + mostWords
    private static let mostWords = SequenceTrail.mostArgumentTokens + SequenceTrail.mostResultTokens
    private static let rate: Float = 0.4
    private static let priorRate: Float = 0.1
    private static let wordScale: Float = 0.5
    /// What is shared evenly, so that no candidate is impossible.
    private static let share: Float = 0.005

    private var softmax: HashedSoftmax
    private var prior: Float = 0.5
    private var priorEnergy: Float = 1

    private(set) var probabilities: [Float] = []
    private var logPrior: [Float] = []
    private var gradient: [Float] = []
    private var features: [UInt64] = []
    /// Where words begin among the features.
    private var firstWord = 0

    init(bits: Int) { softmax = HashedSoftmax(bits: bits) }

    var memoryBytes: Int { softmax.memoryBytes }

    /// Computes the probabilities.
    /// - Parameter unigrams: how often each symbol came.
    mutating func forward(
        _ trail: SequenceTrail, _ vocabulary: SequenceVocabulary, salt: UInt64, unigrams: [Float]
    ) {
        collect(trail, salt)
        let symbols = vocabulary.symbols
        if probabilities.count != symbols.count {
            probabilities = [Float](repeating: 0, count: symbols.count)
            logPrior = probabilities
        }
        var total: Float = 0.5
        for symbol in symbols where symbol >= 0 && symbol < unigrams.count { total += unigrams[symbol] }
        let floor = 0.5 / Float(max(1, symbols.count))
        for (index, symbol) in symbols.enumerated() {
            let seen = symbol >= 0 && symbol < unigrams.count ? unigrams[symbol] : 0
            logPrior[index] = Transcendental.logarithm((seen + floor) / total)
            probabilities[index] = prior * logPrior[index]
        }
        for (index, feature) in features.enumerated() {
            softmax.add(feature, symbols, scale: scale(index), to: &probabilities)
        }
        Transcendental.softmax(&probabilities, share: Self.share)
    }

    /// Steps down the gradient of `-ln p(target)` of the latest forward pass.
    mutating func descend(_ target: Int, _ vocabulary: SequenceVocabulary) {
        gradient = probabilities
        gradient[target] -= 1
        var slope: Float = 0
        for index in 0..<gradient.count { slope += gradient[index] * logPrior[index] }
        priorEnergy += slope * slope
        prior -= Self.priorRate * slope / priorEnergy.squareRoot()
        for (index, feature) in features.enumerated() {
            softmax.learn(
                feature, vocabulary.symbols, gradient: gradient, scale: scale(index), rate: Self.rate)
        }
    }

    private func scale(_ feature: Int) -> Float { feature < firstWord ? 1 : Self.wordScale }

    private mutating func collect(_ trail: SequenceTrail, _ salt: UInt64) {
        features.removeAll(keepingCapacity: true)
        for context in SequenceContexts.features where trail.contexts[context] != 0 {
            features.append(HashMix.mix(trail.contexts[context] ^ salt, UInt64(context)))
        }
        for symbol in trail.seen {
            features.append(HashMix.mix(salt &+ UInt64(truncatingIfNeeded: symbol), 1 << 32))
        }
        features.append(HashMix.mix(salt &+ UInt64(min(trail.calls, 10)), 2 << 32))
        firstWord = features.count
        for token in trail.argumentTokens { features.append(HashMix.mix(token ^ salt, 3 << 32)) }
        for token in trail.resultTokens { features.append(HashMix.mix(token ^ salt, 4 << 32)) }
    }
}

extension SoftmaxExpert {
    func save(to encoder: inout ByteEncoder) {
        encoder.write(prior)
        encoder.write(priorEnergy)
        softmax.save(to: &encoder)
    }

    /// Reads an expert; nil from bytes that none of that size wrote.
    init?(bits: Int, restoring decoder: inout ByteDecoder) {
        guard let prior = decoder.float(), let energy = decoder.float(), energy >= 1,
            let softmax = HashedSoftmax(bits: bits, restoring: &decoder)
        else { return nil }
        self.init(bits: bits)
        (self.prior, priorEnergy, self.softmax) = (prior, energy, softmax)
    }
}
