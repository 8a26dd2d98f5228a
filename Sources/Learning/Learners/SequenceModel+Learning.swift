extension SequenceModel {
    static let mixingRate: Float = 0.05
    static let toolRate: Float = 0.02
    static let relationRate: Float = 0.2
    static let wordRate: Float = 0.2

    /// One step down the gradient of `-ln p(target)`.
    mutating func descend(_ target: Int, _ trail: SequenceTrail, _ vocabulary: SequenceVocabulary) {
        for index in 0..<scratch.gradient.count { scratch.gradient[index] = scratch.probabilities[index] }
        scratch.gradient[target] -= 1
        var base: Float = 0
        for index in 0..<scratch.gradient.count {
            base += scratch.gradient[index] * scratch.logEstimate[index]
        }
        mixing.step(0, base, rate: Self.mixingRate)
        // Evidence of one context lies together, and shares one weight.
        var index = 0
        while index < scratch.evidence.count {
            let weight = scratch.evidence[index].weight
            var slope: Float = 0
            while index < scratch.evidence.count, scratch.evidence[index].weight == weight {
                let evidence = scratch.evidence[index]
                slope += scratch.gradient[Int(evidence.candidate)] * evidence.strength
                index += 1
            }
            guard weight < MixingWeights.firstRelation else {
                mixing.step(Int(weight), slope, rate: Self.relationRate)
                continue
            }
            mixing.step(Int(weight), slope, rate: Self.mixingRate)
            mixing.step(MixingWeights.byTool(of: Int(weight), trail), slope, rate: Self.toolRate)
        }
        let scale = Self.scale(trail)
        scratch.columns.begin(vocabulary.symbols, gradient: scratch.gradient)
        for token in trail.argumentTokens {
            softmax.learn(token ^ salt, gradient: scratch.columns, scale: scale, rate: Self.wordRate)
        }
        for token in trail.resultTokens {
            softmax.learn(token ^ salt, gradient: scratch.columns, scale: scale, rate: Self.wordRate)
        }
    }
}
