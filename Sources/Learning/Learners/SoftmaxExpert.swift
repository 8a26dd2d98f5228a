/// Predicts the next tool by softmax regression over hashed features, and how common a tool is.
///
/// `p(v) ~ exp(w ln u(v) + sum over features f of W[f][v])`, `u` being how often `v` came. It errs unlike
/// counts, so that both together know more than either (`ExpertGate`).
///
/// While little was learned, each step is followed by one from an example that came before (`ReplayMemory`).
///
/// Memory: 2.3 MiB with 13 row bits.
/// - Complexity: features (at most `mostFeatures`) times an eighth of the candidates, for predicting and for
/// learning.
struct SoftmaxExpert: Sendable {
    static let mostFeatures = 10 + SequenceTrail.mostSeen + mostWords
    private static let mostWords = SequenceTrail.mostArgumentTokens + SequenceTrail.mostResultTokens
    private static let rate: Float = 0.4
    private static let replayRate: Float = 0.2
    /// Calls after which nothing is learned again.
    static let mostReplayed: UInt64 = 4096
    private static let priorRate: Float = 0.1
    private static let wordScale: Float = 0.5
    /// What is shared evenly, so that no candidate is impossible.
    private static let share: Float = 0.005

    private var softmax: HashedSoftmax
    private var memory: ReplayMemory
    private var prior: Float = 0.5
    private var priorEnergy: Float = 1

    private(set) var probabilities: [Float] = []
    private var logPrior: [Float] = []
    private var gradient: [Float] = []
    private var columns = HashedSoftmax.Columns()
    private var features: [UInt64] = []
    /// Where words begin among the features.
    private var firstWord = 0

    init(bits: Int) {
        softmax = HashedSoftmax(bits: bits)
        memory = ReplayMemory(bits: Self.memoryBits(bits))
    }

    private static func memoryBits(_ bits: Int) -> Int { min(max(bits - 3, 1), 12) }

    var memoryBytes: Int { softmax.memoryBytes + memory.memoryBytes }

    /// Computes the probabilities.
    /// - Parameter unigrams: how often each symbol came.
    mutating func forward(
        _ trail: SequenceTrail, _ vocabulary: SequenceVocabulary, salt: UInt64, unigrams: [Float]
    ) {
        collect(trail, salt)
        score(vocabulary, unigrams)
    }

    private mutating func score(_ vocabulary: SequenceVocabulary, _ unigrams: [Float]) {
        let symbols = vocabulary.symbols
        if probabilities.count != symbols.count {
            probabilities = [Float](repeating: 0, count: symbols.count)
            logPrior = probabilities
        }
        var total: Float = 0.5
        for symbol in symbols where symbol >= 0 && symbol < unigrams.count { total += unigrams[symbol] }
        let floor = 0.5 / Float(max(1, symbols.count))
        columns.begin(symbols)
        for index in features.indices {
            softmax.add(features[index], scale: scale(index), to: &columns)
        }
        let unit = 1 / total
        for (index, symbol) in symbols.enumerated() {
            let seen = symbol >= 0 && symbol < unigrams.count ? unigrams[symbol] : 0
            logPrior[index] = Transcendental.logarithm((seen + floor) * unit)
            probabilities[index] = prior * logPrior[index] + columns.value(symbol)
        }
        Transcendental.softmax(&probabilities, share: Self.share)
    }

    /// Steps down the gradient of `-ln p(target)` of the latest forward pass.
    mutating func descend(_ target: Int, _ vocabulary: SequenceVocabulary) {
        step(target, vocabulary, rate: Self.rate)
    }

    /// Keeps the latest forward pass to be learned from again.
    mutating func remember(_ symbol: Int) { memory.insert(symbol, features, split: firstWord) }

    /// The place of an earlier example, and what came then.
    func draw(_ hash: UInt64) -> (place: Int, symbol: Int)? {
        memory.draw(hash).map { ($0, memory.symbol($0)) }
    }

    /// Learns again from an example, among the candidates of now; the latest forward pass is lost.
    mutating func replay(
        _ place: Int, _ target: Int, _ vocabulary: SequenceVocabulary, unigrams: [Float]
    ) {
        firstWord = memory.read(place, into: &features)
        score(vocabulary, unigrams)
        step(target, vocabulary, rate: Self.replayRate)
    }

    private mutating func step(_ target: Int, _ vocabulary: SequenceVocabulary, rate: Float) {
        if gradient.count != probabilities.count { gradient = probabilities }
        for index in 0..<gradient.count { gradient[index] = probabilities[index] }
        gradient[target] -= 1
        var slope: Float = 0
        for index in 0..<gradient.count { slope += gradient[index] * logPrior[index] }
        priorEnergy += slope * slope
        prior -= Self.priorRate * slope / priorEnergy.squareRoot()
        columns.begin(vocabulary.symbols, gradient: gradient)
        for index in features.indices {
            softmax.learn(features[index], gradient: columns, scale: scale(index), rate: rate)
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
        memory.save(to: &encoder)
    }

    /// Reads an expert; nil from bytes that none of that size wrote.
    init?(bits: Int, restoring decoder: inout ByteDecoder) {
        guard let prior = decoder.float(), let energy = decoder.float(), energy >= 1,
            let softmax = HashedSoftmax(bits: bits, restoring: &decoder),
            let memory = ReplayMemory(bits: Self.memoryBits(bits), restoring: &decoder)
        else { return nil }
        self.init(bits: bits)
        (self.prior, priorEnergy) = (prior, energy)
        (self.softmax, self.memory) = (softmax, memory)
    }
}
