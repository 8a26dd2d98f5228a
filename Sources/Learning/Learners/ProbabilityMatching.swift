/// The probabilities with which Thompson sampling (Biometrika 25, 1933) picks each arm, in closed form.
///
/// `P(a) = sum over cells g of (F_a(g+1) - F_a(g)) * product over b != a of F_b(g)`, a quadrature of the
/// probability that arm `a` has the largest value, over eight cells between the largest lower end and the
/// largest upper end of the arms' beliefs. `F` is the distribution function of a Beta(3, 3) of the arm's mean
/// and deviation, which is close to normal and ends 2.65 deviations off the mean. An arm is then drawn from
/// exactly these probabilities, so that the propensity in the log is exact, which a sampled value could not
/// tell. Of all probability `floor` is spread evenly, so that every arm has some.
///
/// - Complexity: about 10 ns an arm that may be best; others are left out.
struct ProbabilityMatching: Sendable {
    typealias Cells = SIMD8<Float>

    /// The share of choices made evenly: what it costs is at most this share of the reward.
    static let floor: Float = 0.005
    /// Half the width of a Beta(3, 3) in deviations.
    private static let reach: Float = 2.645_751
    private static let leastDeviation: Float = 1e-5
    private static let steps = Cells(0, 1, 2, 3, 4, 5, 6, 7)

    private var shares: [Cells] = []
    private(set) var probabilities: [Float] = []

    /// Computes the probabilities of arms whose values have these means and deviations.
    /// - Parameters:
    ///   - means: finite.
    ///   - deviations: as many, finite, not negative.
    @inline(__always)
    mutating func match(_ means: [Float], _ deviations: [Float]) {
        let count = means.count
        probabilities.removeAll(keepingCapacity: true)
        shares.removeAll(keepingCapacity: true)
        guard count > 0 else { return }
        var (low, high) = (-Float.infinity, -Float.infinity)
        for arm in 0..<count {
            let half = max(deviations[arm], Self.leastDeviation) * Self.reach
            low = max(low, means[arm] - half)
            high = max(high, means[arm] + half)
        }
        let width = max(high - low, Self.leastDeviation) / 8
        let starts = Self.steps * width + low
        var product = Cells(repeating: 1)
        for arm in 0..<count {
            let half = max(deviations[arm], Self.leastDeviation) * Self.reach
            guard means[arm] + half > low else {
                shares.append(Cells.zero)
                continue
            }
            let scale = 0.5 / half
            let shift = 0.5 - means[arm] * scale
            let below = Self.distribution(starts * scale + shift)
            let above = Self.distribution((starts + width) * scale + shift)
            let middle = (below + above) * 0.5
            product *= middle
            shares.append((above - below) / (middle + 1e-30))
        }
        normalize(product)
    }

    @inline(__always)
    private mutating func normalize(_ product: Cells) {
        var sum: Float = 0
        for share in shares {
            let probability = (share * product).sum()
            probabilities.append(probability)
            sum += probability
        }
        let even = Self.floor / Float(shares.count)
        guard sum > 1e-20, sum.isFinite else {
            for arm in probabilities.indices { probabilities[arm] = 1 / Float(probabilities.count) }
            return
        }
        let scale = (1 - Self.floor) / sum
        for arm in probabilities.indices { probabilities[arm] = probabilities[arm] * scale + even }
    }

    /// The distribution function of a Beta(3, 3): `u^3 (10 - 15 u + 6 u^2)`.
    @inline(__always)
    private static func distribution(_ place: Cells) -> Cells {
        // Replacing compiles to one instruction where `clamped` takes a branch a lane.
        let positive = place.replacing(with: 0, where: place .< Cells.zero)
        let u = positive.replacing(with: 1, where: positive .> Cells(repeating: 1))
        return u * u * u * (u * (u * 6 - 15) + 10)
    }
}
