extension SequenceModel {
    static let discount: Float = 0.75
    /// How much an estimate counts against what a context has seen.
    static let hold: Float = 1
    /// What is shared evenly, so that no candidate is impossible.
    static let share: Float = 0.001

    /// Computes the probabilities into the scratch.
    mutating func forward(_ trail: SequenceTrail, _ vocabulary: SequenceVocabulary) {
        scratch.begin(vocabulary, symbols: sizes.mostSymbols)
        // All at once, so that the memory's waiting times overlap.
        for kind in 0..<SequenceContexts.count {
            let context = trail.contexts[kind]
            scratch.lines[kind] = context == 0 ? -1 : counts.line(context ^ salt) ?? -1
        }
        interpolate(trail, vocabulary)
        let base = mixing.values[0]
        for index in 0..<vocabulary.symbols.count {
            let log = Transcendental.logarithm(scratch.estimate[index])
            scratch.inverse[index] = 1 / (Float(ContextCounts.unit) * Self.hold * scratch.estimate[index])
            scratch.logEstimate[index] = log
            scratch.scores[index] = base * log
        }
        let row = MixingWeights.row(trail)
        for kind in 0..<SequenceContexts.count
        where scratch.lines[kind] >= 0 && SequenceContexts.isMixed(kind) {
            weigh(trail.contexts[kind] ^ salt, kind, row)
        }
        relate(trail, vocabulary)
        let scale = Self.scale(trail)
        scratch.columns.begin(vocabulary.symbols)
        for token in trail.argumentTokens {
            softmax.add(token ^ salt, scale: scale, to: &scratch.columns)
        }
        for token in trail.resultTokens {
            softmax.add(token ^ salt, scale: scale, to: &scratch.columns)
        }
        for (index, symbol) in vocabulary.symbols.enumerated() {
            scratch.probabilities[index] = scratch.scores[index] + scratch.columns.value(symbol)
        }
        Transcendental.softmax(&scratch.probabilities, share: Self.share)
        expert.forward(trail, vocabulary, salt: salt, unigrams: unigrams)
        mix(trail)
        scratch.finish(learned, trail)
    }

    /// Features of unit length: one over the root of their number.
    static func scale(_ trail: SequenceTrail) -> Float {
        1 / Float(max(1, trail.argumentTokens.count + trail.resultTokens.count)).squareRoot()
    }

    /// Interpolates the suffixes, shortest first: `(c - D) / n + D u / n * shorter`.
    private mutating func interpolate(_ trail: SequenceTrail, _ vocabulary: SequenceVocabulary) {
        let symbols = vocabulary.symbols
        var total: Float = 0
        for symbol in symbols where symbol >= 0 && symbol < unigrams.count { total += unigrams[symbol] }
        let floor = 0.5 / Float(max(1, symbols.count))
        for (index, symbol) in symbols.enumerated() {
            let seen = symbol >= 0 && symbol < unigrams.count ? unigrams[symbol] : 0
            scratch.estimate[index] = (seen + floor) / (total + 0.5)
        }
        for k in 0..<SequenceContexts.suffixes where trail.contexts[k] != 0 {
            guard interpolate(trail.contexts[k] ^ salt, scratch.lines[k]) else { break }
        }
    }

    /// Whether the context was seen, with a candidate after it.
    private mutating func interpolate(_ context: UInt64, _ line: Int) -> Bool {
        guard line >= 0 else { return false }
        var (total, distinct): (UInt32, UInt32) = (0, 0)
        let first = scratch.evidence.count
        for page in 0..<ContextCounts.mostPages {
            guard let line = page == 0 ? line : counts.line(context, page: page) else { break }
            let pairs = min(counts.pairs(line), ContextCounts.pairsPerLine)
            for index in 0..<pairs {
                let (symbol, count) = counts.pair(line, index)
                guard let position = scratch.position(symbol) else { continue }
                total += count
                distinct += 1
                scratch.evidence.append(.init(weight: 0, candidate: Int32(position), strength: Float(count)))
            }
            if pairs < ContextCounts.pairsPerLine { break }
        }
        guard total > 0 else { return true }
        let unit = Float(ContextCounts.unit)
        let cut = Self.discount * unit
        let kept = cut * Float(distinct) / Float(total)
        for index in 0..<scratch.estimate.count { scratch.estimate[index] *= kept }
        for index in first..<scratch.evidence.count {
            let evidence = scratch.evidence[index]
            scratch.estimate[Int(evidence.candidate)] += max(0, evidence.strength - cut) / Float(total)
        }
        scratch.evidence.removeSubrange(first...)
        return true
    }

    /// Adds what a context's counts say, on the logarithmic scale.
    private mutating func weigh(_ context: UInt64, _ kind: Int, _ row: Int) {
        let first = scratch.evidence.count
        var total: UInt32 = 0
        for page in 0..<ContextCounts.mostPages {
            guard let line = page == 0 ? scratch.lines[kind] : counts.line(context, page: page) else { break }
            let pairs = min(counts.pairs(line), ContextCounts.pairsPerLine)
            for index in 0..<pairs {
                let (symbol, count) = counts.pair(line, index)
                guard let position = scratch.position(symbol) else { continue }
                total += count
                scratch.evidence.append(.init(weight: 0, candidate: Int32(position), strength: Float(count)))
            }
            if pairs < ContextCounts.pairsPerLine { break }
        }
        let distinct = scratch.evidence.count - first
        guard distinct > 0 else { return }
        let weight = MixingWeights.index(kind, total: total, distinct: distinct)
        let value = mixing.values[weight] + mixing.values[MixingWeights.byTool(kind, row)]
        for index in first..<scratch.evidence.count {
            let candidate = Int(scratch.evidence[index].candidate)
            let ratio = scratch.evidence[index].strength * scratch.inverse[candidate]
            let strength = Transcendental.logarithm(onePlus: ratio)
            scratch.evidence[index].strength = strength
            scratch.evidence[index].weight = Int32(weight)
            scratch.scores[candidate] += value * strength
        }
    }

    /// Adds what each candidate is to the session: the latest tool, an earlier one, one that was named.
    private mutating func relate(_ trail: SequenceTrail, _ vocabulary: SequenceVocabulary) {
        for index in 0..<vocabulary.symbols.count {
            let kind = trail.relation(vocabulary.symbols[index], vocabulary.groups[index])
            support(index, MixingWeights.firstRelation + kind)
        }
        let row = 1 + (trail.recent.first ?? 0) & (MixingWeights.mentionRows - 1)
        for (rank, symbol) in trail.mentions.enumerated() {
            guard let position = scratch.position(symbol) else { continue }
            support(position, MixingWeights.firstMention + rank)
            support(position, MixingWeights.firstMention + row * MixingWeights.mentionRanks + rank)
        }
        for (rank, symbol) in trail.earlierMentions.enumerated() {
            guard let position = scratch.position(symbol) else { continue }
            support(position, MixingWeights.firstEarlier + rank)
        }
    }

    @inline(__always)
    private mutating func support(_ candidate: Int, _ weight: Int) {
        scratch.scores[candidate] += mixing.values[weight]
        scratch.evidence.append(.init(weight: Int32(weight), candidate: Int32(candidate), strength: 1))
    }
}
