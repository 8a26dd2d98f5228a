/// What a policy would have earned, from the log of another that chose with known probabilities.
///
/// With `w = P(target takes the logged arm) / P(log took it)`, reward `r` and forecasts `q` of rewards:
/// `ips = mean(w r)` (Horvitz, Thompson, 1952), `selfNormalized = sum(w r) / sum(w)` (Swaminathan, Joachims,
/// NeurIPS 2015), `doublyRobust = mean(sum of target(a) q(a) + w (r - q(logged)))` (Dudik, Langford, Li, ICML
/// 2011), which is right when either the propensities or the forecasts are. Weights are cut off at
/// `mostWeight`, which draws the first and last towards too little, or to the forecast. Merges with a sibling
/// exactly.
///
/// - Complexity: about 30 operations a row; 128 bytes.
package struct OffPolicyEstimate: Sendable, Equatable {
    /// An estimate and its standard error, which is that of the mean.
    package struct Value: Sendable, Equatable {
        package var mean: Double
        package var standardError: Double
    }

    private static let mostMagnitude = 1e12

    private let mostWeight: Double
    private var weighted = RunningMoments()
    private var corrected = RunningMoments()
    /// Sums of `w`, `w^2`, `w r`, `w^2 r` and `w^2 r^2`.
    private var sums = [0.0, 0, 0, 0, 0]

    /// - Parameter mostWeight: above 0.
    package init(mostWeight: Double = 100) {
        precondition(mostWeight > 0, "the largest weight is out of range")
        self.mostWeight = mostWeight
    }

    package var count: UInt64 { weighted.count }

    /// Takes a choice of the log; one whose numbers are no probabilities, or not finite, is left out.
    /// - Parameters:
    ///   - propensity: the probability with which the log took the arm.
    ///   - target: that with which the policy in question takes it.
    ///   - forecast: what was expected of the logged arm.
    ///   - targetForecast: what was expected of the policy in question, over all arms.
    package mutating func insert(
        reward: Double, propensity: Double, target: Double, forecast: Double = 0, targetForecast: Double = 0
    ) {
        let numbers = [reward, forecast, targetForecast]
        guard propensity > 0, propensity <= 1, target >= 0, target <= 1,
            numbers.allSatisfy({ $0.magnitude < Self.mostMagnitude })
        else { return }
        let weight = min(target / propensity, mostWeight)
        weighted.insert(weight * reward)
        corrected.insert(targetForecast + weight * (reward - forecast))
        sums[0] += weight
        sums[1] += weight * weight
        sums[2] += weight * reward
        sums[3] += weight * weight * reward
        sums[4] += weight * weight * reward * reward
    }

    package var ips: Value { Self.value(weighted) }

    package var doublyRobust: Value { Self.value(corrected) }

    /// 0 while no logged choice is one that the policy makes; the error is that of the ratio (delta method).
    package var selfNormalized: Value {
        guard sums[0] > 0 else { return Value(mean: 0, standardError: 0) }
        let mean = sums[2] / sums[0]
        let squares = sums[4] - 2 * mean * sums[3] + mean * mean * sums[1]
        return Value(mean: mean, standardError: max(0, squares).squareRoot() / sums[0])
    }

    /// As how many rows of the policy's own the log counts: `(sum w)^2 / sum w^2` (Kish, 1965).
    package var effectiveCount: Double { sums[1] > 0 ? sums[0] * sums[0] / sums[1] : 0 }

    package mutating func merge(_ other: OffPolicyEstimate) {
        weighted.merge(other.weighted)
        corrected.merge(other.corrected)
        for index in sums.indices { sums[index] += other.sums[index] }
    }

    private static func value(_ moments: RunningMoments) -> Value {
        let error = moments.count > 0 ? (moments.variance / Double(moments.count)).squareRoot() : 0
        return Value(mean: moments.mean, standardError: error)
    }
}

extension OffPolicyEstimate {
    package func save(to encoder: inout ByteEncoder) {
        weighted.save(to: &encoder)
        corrected.save(to: &encoder)
        for sum in sums { encoder.write(sum) }
    }

    /// Reads an estimate; nil from bytes that none wrote.
    package init?(mostWeight: Double = 100, restoring decoder: inout ByteDecoder) {
        self.init(mostWeight: mostWeight)
        guard let weighted = RunningMoments(restoring: &decoder),
            let corrected = RunningMoments(restoring: &decoder)
        else { return nil }
        (self.weighted, self.corrected) = (weighted, corrected)
        for index in sums.indices {
            guard let sum = decoder.double(), sum.magnitude < 1e60 else { return nil }
            sums[index] = sum
        }
    }
}
