/// Draws an arm with given probabilities, from a sequence of random numbers that the seed fixes.
struct ArmDraw: Sendable {
    private var seed: UInt64
    private var draws: UInt64 = 0

    init(seed: UInt64) { self.seed = seed }

    /// Draws an arm; of probabilities that sum up to 1, in the order of the arms.
    mutating func choose(_ probabilities: [Float]) -> ArmChoice? {
        guard var place = probabilities.indices.last else { return nil }
        draws &+= 1
        // The salt keeps these numbers apart from those that others draw with the same seed.
        let uniform = Float(HashMix.mix(seed ^ 0xB5AD_4ECE_DA1C_E2A9, draws) >> 40) / 16_777_216
        var sum: Float = 0
        for index in probabilities.indices {
            sum += probabilities[index]
            if uniform < sum, probabilities[index] > 0 {
                place = index
                break
            }
        }
        // Rounding may leave a gap below 1, which falls to the last arm that may be drawn.
        while probabilities[place] <= 0, place > 0 { place -= 1 }
        return ArmChoice(place: place, propensity: probabilities[place])
    }

    func save(to encoder: inout ByteEncoder) {
        encoder.write(seed)
        encoder.write(draws)
    }

    /// Reads the state of a sequence; nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        guard let seed = decoder.integer(), let draws = decoder.integer() else { return nil }
        (self.seed, self.draws) = (seed, draws)
    }
}
