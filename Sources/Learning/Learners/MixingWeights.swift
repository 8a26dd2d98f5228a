/// The weights with which a sequence learner mixes its contexts, by how sure each context is.
///
/// Memory: below 16 KiB.
struct MixingWeights: Sendable, Equatable {
    /// Classes of evidence: the contexts.
    static let classes = SequenceContexts.count
    /// Six steps of how often a context was seen, times four of how many symbols followed it.
    static let confidences = 24
    /// Ways in which a candidate relates to the session; see `SequenceTrail.relation`.
    static let relations = SequenceTrail.relations
    static let mentionRanks = 12
    /// Rows of mentions, chosen by the latest tool.
    static let mentionRows = 64

    static let firstRelation = 1 + classes * confidences
    static let firstMention = firstRelation + relations
    static let firstEarlier = firstMention + mentionRanks * (mentionRows + 1)
    /// Rows by the latest tool, added to a context's weight.
    static let toolRows = 32
    static let firstByTool = firstEarlier + SequenceTrail.mostEarlier
    static let count = firstByTool + classes * toolRows

    /// Weight 0 is that of the interpolated estimate.
    var values: [Float]
    /// Sums of squared gradients.
    var energy: [Float]

    init() {
        values = [Float](repeating: 0, count: Self.count)
        energy = [Float](repeating: 0, count: Self.count)
        values[0] = 0.6
        for weight in 1..<Self.firstRelation {
            let kind = (weight - 1) / Self.confidences
            values[weight] = kind < SequenceContexts.suffixes ? 0.08 : 0.1
        }
    }

    /// The weight of a context of a class that was seen `total` sixteenths, with `distinct` symbols.
    @inline(__always)
    static func index(_ kind: Int, total: UInt32, distinct: Int) -> Int {
        let seen = min(5, 31 - (total / ContextCounts.unit | 1).leadingZeroBitCount)
        let spread = distinct < 3 ? distinct - 1 : distinct < 6 ? 2 : 3
        return 1 + kind * confidences + seen * 4 + max(0, spread)
    }

    /// The row of a session's latest tool.
    @inline(__always)
    static func row(_ trail: SequenceTrail) -> Int {
        guard let tool = trail.recent.first else { return 0 }
        return Int(truncatingIfNeeded: HashMix.mix(UInt64(truncatingIfNeeded: tool)) & UInt64(toolRows - 1))
    }

    /// The weight that a row adds to a class.
    @inline(__always)
    static func byTool(_ kind: Int, _ row: Int) -> Int { firstByTool + kind * toolRows + row }

    /// The weight that a session's row adds to the class of a weight.
    @inline(__always)
    static func byTool(of weight: Int, _ trail: SequenceTrail) -> Int {
        byTool((weight - 1) / confidences, row(trail))
    }

    @inline(__always)
    mutating func step(_ index: Int, _ gradient: Float, rate: Float) {
        energy[index] += gradient * gradient
        values[index] -= rate * gradient / (1 + energy[index]).squareRoot()
    }
}

extension MixingWeights {
    func save(to encoder: inout ByteEncoder) {
        for index in 0..<Self.count {
            encoder.write(values[index])
            encoder.write(energy[index])
        }
    }

    /// Reads weights; nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        self.init()
        for index in 0..<Self.count {
            guard let value = decoder.float(), let sum = decoder.float(), sum >= 0 else { return nil }
            values[index] = value
            energy[index] = sum
        }
    }
}
