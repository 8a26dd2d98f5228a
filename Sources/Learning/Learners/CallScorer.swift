/// Scores candidates for the next call: how likely their tool and their arguments are each by themselves, and
/// how often the very same call followed the contexts of the session.
///
/// `p(c) ~ exp(w0 ln tool(c) + w1 ln arguments(c) + sum over contexts x of w[x, sure] ln(1 + n_x(c)/k(c)))`
/// with `k = tool * arguments`, and a candidate "another call" of its own weight. The weights are
/// learned online by gradient, the counts are those of `ContextCounts` over numbers of calls.
///
/// Memory: 64 bytes a line, `1 << bits` lines, and 8 KiB.
/// - Complexity: contexts times 14, for each of suggesting, scoring and learning.
package struct CallScorer: Sendable {
    package struct Candidate: Sendable {
        /// The call's number; nil for one that never came before.
        package var number: Int?
        /// The probability of its tool.
        package var tool: Float
        /// The probability of its arguments, given the tool.
        package var arguments: Float

        package init(number: Int?, tool: Float, arguments: Float) {
            self.number = number
            self.tool = tool
            self.arguments = arguments
        }
    }

    package static let mostSuggestions = 64
    private static let perContext = 4
    private static let rate: Float = 0.1
    private static let leastEstimate: Float = 1e-5
    private static let firstContext = 3
    private static let weightCount = firstContext + SequenceContexts.count * MixingWeights.confidences

    private struct Evidence: Sendable {
        var weight: Int
        var candidate: Int
        var strength: Float
    }

    private var counts: ContextCounts
    private var weights: [Float]
    private var energy = [Float](repeating: 0, count: weightCount)
    private var evidence: [Evidence] = []

    package init(bits: Int) {
        counts = ContextCounts(bits: bits)
        weights = [Float](repeating: 0.15, count: Self.weightCount)
        (weights[0], weights[1], weights[2]) = (1, 0.6, -1.5)
    }

    package var memoryBytes: Int { counts.memoryBytes + Self.weightCount * 8 }

    /// Numbers of calls that followed the session's contexts, each once.
    package func suggestions(_ trail: SequenceTrail) -> [Int] {
        var found: [Int] = []
        for context in trail.contexts where context != 0 {
            guard let line = counts.line(context) else { continue }
            let pairs = (0..<min(counts.pairs(line), ContextCounts.pairsPerLine)).map {
                counts.pair(line, $0)
            }
            for pair in pairs.sorted(by: { $0.count > $1.count }).prefix(Self.perContext)
            where !found.contains(pair.symbol) {
                if found.count == Self.mostSuggestions { return found }
                found.append(pair.symbol)
            }
        }
        return found
    }

    /// The probability of each candidate; what is missing to one is that of another call.
    package mutating func score(_ candidates: [Candidate], _ trail: SequenceTrail) -> [Float] {
        var scores = candidates.map { candidate in
            weights[0] * Transcendental.logarithm(max(candidate.tool, Self.leastEstimate))
                + weights[1] * Transcendental.logarithm(max(candidate.arguments, Self.leastEstimate))
        }
        scores.append(weights[2])
        weigh(candidates, trail, &scores)
        Transcendental.softmax(&scores, share: 0.001)
        scores.removeLast()
        return scores
    }

    /// Learns which candidate came, nil for another call, and what its number is.
    package mutating func learn(
        _ number: Int, _ target: Int?, among candidates: [Candidate], after trail: SequenceTrail
    ) {
        var gradient = score(candidates, trail)
        gradient.append(1 - gradient.reduce(0, +))
        gradient[target ?? candidates.count] -= 1
        var (tool, arguments): (Float, Float) = (0, 0)
        for (index, candidate) in candidates.enumerated() {
            tool += gradient[index] * Transcendental.logarithm(max(candidate.tool, Self.leastEstimate))
            arguments +=
                gradient[index] * Transcendental.logarithm(max(candidate.arguments, Self.leastEstimate))
        }
        step(0, tool)
        step(1, arguments)
        step(2, gradient[candidates.count])
        var index = 0
        while index < evidence.count {
            let weight = evidence[index].weight
            var slope: Float = 0
            while index < evidence.count, evidence[index].weight == weight {
                slope += gradient[evidence[index].candidate] * evidence[index].strength
                index += 1
            }
            step(weight, slope)
        }
        for context in trail.contexts where context != 0 { counts.record(context, symbol: number) }
    }

    private mutating func weigh(_ candidates: [Candidate], _ trail: SequenceTrail, _ scores: inout [Float]) {
        evidence.removeAll(keepingCapacity: true)
        var places: [Int: Int] = [:]
        for (place, candidate) in candidates.enumerated() {
            if let number = candidate.number { places[number] = place }
        }
        for (kind, context) in trail.contexts.enumerated() where context != 0 {
            guard let line = counts.line(context) else { continue }
            let first = evidence.count
            var total: UInt32 = 0
            for index in 0..<min(counts.pairs(line), ContextCounts.pairsPerLine) {
                let (number, count) = counts.pair(line, index)
                total += count
                guard let place = places[number] else { continue }
                evidence.append(Evidence(weight: 0, candidate: place, strength: Float(count)))
            }
            let distinct = counts.pairs(line)
            let weight = Self.firstContext - 1 + MixingWeights.index(kind, total: total, distinct: distinct)
            for index in first..<evidence.count {
                let candidate = candidates[evidence[index].candidate]
                let estimate = max(candidate.tool * candidate.arguments, Self.leastEstimate)
                let ratio = evidence[index].strength / (Float(ContextCounts.unit) * estimate)
                evidence[index].strength = Transcendental.logarithm(1 + ratio)
                evidence[index].weight = weight
                scores[evidence[index].candidate] += weights[weight] * evidence[index].strength
            }
        }
    }

    private mutating func step(_ weight: Int, _ slope: Float) {
        energy[weight] += slope * slope
        weights[weight] -= Self.rate * slope / (1 + energy[weight]).squareRoot()
    }
}

extension CallScorer {
    package func save(to encoder: inout ByteEncoder) {
        for index in 0..<Self.weightCount {
            encoder.write(weights[index])
            encoder.write(energy[index])
        }
        counts.save(to: &encoder)
    }

    /// Reads a scorer; nil from bytes that none of that size wrote.
    package init?(bits: Int, restoring decoder: inout ByteDecoder) {
        self.init(bits: bits)
        for index in 0..<Self.weightCount {
            guard let weight = decoder.float(), let sum = decoder.float(), sum >= 0 else { return nil }
            (weights[index], energy[index]) = (weight, sum)
        }
        guard let counts = ContextCounts(bits: bits, restoring: &decoder) else { return nil }
        self.counts = counts
    }
}
