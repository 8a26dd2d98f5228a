/// Makes a prediction as sure as earlier ones turned out: `p(v) ~ q(v)^t`, with one `t` for each length of
/// a session, learned by gradient of `ln p` (temperature scaling: Guo et al., "On calibration of modern
/// neural networks", ICML 2017, here online by AdaGrad).
///
/// Memory: 32 bytes.
struct Sharpness: Sendable, Equatable {
    static let lengths = 4
    private static let rate: Float = 0.1
    private static let firstEnergy: Float = 10
    private static let range: ClosedRange<Float> = 0.25...4

    private var powers = [Float](repeating: 1, count: lengths)
    private var energy = [Float](repeating: firstEnergy, count: lengths)

    /// The power for a session of so many calls.
    func power(_ calls: Int) -> Float { powers[min(calls, Self.lengths - 1)] }

    /// Steps up the gradient of the log of what was given to what came.
    /// - Parameters:
    ///   - came: the log of what the prediction gave to it, before it was made sharp.
    ///   - mean: the mean of these logs under the sharp prediction.
    mutating func learn(_ calls: Int, came: Float, mean: Float) {
        let place = min(calls, Self.lengths - 1)
        let slope = came - mean
        energy[place] += slope * slope
        let power = powers[place] + Self.rate * slope / energy[place].squareRoot()
        powers[place] = min(max(power, Self.range.lowerBound), Self.range.upperBound)
    }
}

extension Sharpness {
    func save(to encoder: inout ByteEncoder) {
        for length in 0..<Self.lengths {
            encoder.write(powers[length])
            encoder.write(energy[length])
        }
    }

    /// Reads powers; nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        self.init()
        for length in 0..<Self.lengths {
            guard let power = decoder.float(), Self.range.contains(power), let sum = decoder.float(),
                sum >= Self.firstEnergy
            else { return nil }
            (powers[length], energy[length]) = (power, sum)
        }
    }
}
