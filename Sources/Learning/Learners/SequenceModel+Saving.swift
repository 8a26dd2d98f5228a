extension SequenceModel {
    package func save(to encoder: inout ByteEncoder) {
        encoder.write(salt)
        encoder.write(learned)
        let used = unigrams.indices.filter { unigrams[$0] > 0 }
        encoder.write(UInt64(used.count))
        for symbol in used {
            encoder.write(UInt64(symbol))
            encoder.write(unigrams[symbol])
        }
        mixing.save(to: &encoder)
        expert.save(to: &encoder)
        gate.save(to: &encoder)
        sharpness.save(to: &encoder)
        counts.save(to: &encoder)
        softmax.save(to: &encoder)
    }

    /// Reads a model; nil from bytes that none of these sizes wrote.
    package init?(_ sizes: Sizes = .standard, restoring decoder: inout ByteDecoder) {
        self.init(sizes)
        guard let salt = decoder.integer(), let learned = decoder.integer(upTo: 1 << 62),
            let used = decoder.integer(upTo: UInt64(sizes.mostSymbols))
        else { return nil }
        for _ in 0..<used {
            guard let symbol = decoder.integer(upTo: UInt64(sizes.mostSymbols - 1)),
                let count = decoder.float(),
                count > 0
            else { return nil }
            unigrams[Int(symbol)] = count
        }
        guard let mixing = MixingWeights(restoring: &decoder),
            let expert = SoftmaxExpert(bits: sizes.expertBits, restoring: &decoder),
            let gate = ExpertGate(restoring: &decoder), let sharpness = Sharpness(restoring: &decoder),
            let counts = ContextCounts(bits: sizes.lineBits, restoring: &decoder),
            let softmax = HashedSoftmax(bits: sizes.rowBits, restoring: &decoder)
        else { return nil }
        (self.salt, self.learned) = (salt, learned)
        (self.expert, self.gate, self.sharpness) = (expert, gate, sharpness)
        (self.mixing, self.counts, self.softmax) = (mixing, counts, softmax)
    }
}
