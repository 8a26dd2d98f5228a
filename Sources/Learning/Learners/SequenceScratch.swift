/// The forward pass of the latest prediction, kept for the step that learns from it; holds no learned state.
struct SequenceScratch: Sendable {
    /// One thing that spoke for a candidate: which weight, for which candidate, how strongly.
    struct Evidence: Sendable {
        var weight: Int32
        var candidate: Int32
        var strength: Float
    }

    var estimate: [Float] = []
    var logEstimate: [Float] = []
    /// One over the estimate, in the counts' unit.
    var inverse: [Float] = []
    /// The line of each context's counts; -1 for none.
    var lines = [Int](repeating: -1, count: SequenceContexts.count)
    var columns = HashedSoftmax.Columns()
    var scores: [Float] = []
    var probabilities: [Float] = []
    var gradient: [Float] = []
    /// What both experts say together, and its log before it was made sharp.
    var mixed: [Float] = []
    var logMixed: [Float] = []
    /// The state of the experts' gate.
    var knowledge = 0
    var evidence: [Evidence] = []
    /// Where each symbol stands among the candidates; -1 for none.
    private(set) var positions: [Int32] = []
    private(set) var vocabulary: SequenceVocabulary?
    private var learned: UInt64 = .max
    private var contexts: [UInt64] = []
    private var calls = -1

    mutating func begin(_ vocabulary: SequenceVocabulary, symbols: Int) {
        if positions.count != symbols { positions = [Int32](repeating: -1, count: symbols) }
        if self.vocabulary?.id != vocabulary.id || self.vocabulary != vocabulary {
            for symbol in self.vocabulary?.symbols ?? [] where position(symbol) != nil {
                positions[symbol] = -1
            }
            for (index, symbol) in vocabulary.symbols.enumerated() where symbol >= 0 && symbol < symbols {
                positions[symbol] = Int32(index)
            }
            self.vocabulary = vocabulary
            let zeros = [Float](repeating: 0, count: vocabulary.symbols.count)
            (estimate, logEstimate, inverse) = (zeros, zeros, zeros)
            (scores, probabilities, gradient) = (zeros, zeros, zeros)
            (mixed, logMixed) = (zeros, zeros)
        }
        evidence.removeAll(keepingCapacity: true)
    }

    mutating func finish(_ learned: UInt64, _ trail: SequenceTrail) {
        self.learned = learned
        calls = trail.calls
        contexts = trail.contexts
    }

    @inline(__always)
    func position(_ symbol: Int) -> Int? {
        guard symbol >= 0, symbol < positions.count, positions[symbol] >= 0 else { return nil }
        return Int(positions[symbol])
    }

    /// Whether nothing was learned since this was computed for the same session and candidates.
    func isCurrent(_ learned: UInt64, _ trail: SequenceTrail, _ vocabulary: SequenceVocabulary) -> Bool {
        self.learned == learned && calls == trail.calls && self.vocabulary?.id == vocabulary.id
            && self.vocabulary == vocabulary && contexts == trail.contexts
    }
}
