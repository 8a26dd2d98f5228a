/// Maps values to buckets whose bounds grow by a constant factor, without computing a logarithm.
///
/// With relative error `a`, a bucket's bounds differ by at most the factor `(1 + a) / (1 - a)`, so that one
/// value stands for all of a bucket with a relative error of at most `a`. Between powers of two the logarithm
/// is interpolated by the cubic `6/35 s^3 - 3/5 s^2 + 10/7 s`, which takes 1 % more buckets than the true one
/// (Masson, Rim, Lee: "DDSketch", VLDB 2019, sections 2.2 and 4; the cubic is that of Datadog's
/// `CubicallyInterpolatedMapping`).
package struct LogarithmicBuckets: Sendable, Equatable {
    /// From 0 to 1, both excluded.
    package let relativeError: Double
    private let bucketsPerOctave: Double

    /// The cubic's coefficients, from the third power down.
    private static let (a, b, c) = (6.0 / 35, -3.0 / 5, 10.0 / 7)

    package init(relativeError: Double) {
        precondition(relativeError > 0.0001 && relativeError < 0.5, "the relative error is out of range")
        self.relativeError = relativeError
        // ln((1 + a) / (1 - a)) = 2 artanh(a), whose series converges fast for the small errors here.
        var (power, growth) = (relativeError, 0.0)
        for n in stride(from: 1.0, to: 60, by: 2) {
            growth += 2 * power / n
            power *= relativeError * relativeError
        }
        // The interpolated logarithm rises by at least 10/7 where the natural one rises by 1.
        bucketsPerOctave = 1 / (Self.c * growth)
    }

    /// The bucket of a value of at least 1.
    /// - Complexity: about ten floating-point operations.
    package func bucket(of value: Double) -> Int {
        let bits = max(1, value).bitPattern
        let exponent = Double(Int(bits >> 52) - 1023)
        let s = Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF | 0x3FF0_0000_0000_0000) - 1
        return Int((((Self.a * s + Self.b) * s + Self.c) * s + exponent) * bucketsPerOctave)
    }

    /// The value that stands for a bucket: within the relative error of all its values.
    package func value(of bucket: Int) -> Double {
        let logarithm = Double(bucket) / bucketsPerOctave
        let exponent = logarithm.rounded(.down)
        let wanted = logarithm - exponent
        var s = wanted
        // Newton's steps: the cubic is smooth and its slope lies between 0.73 and 1.43.
        for _ in 0..<8 {
            let error = ((Self.a * s + Self.b) * s + Self.c) * s - wanted
            s -= error / ((3 * Self.a * s + 2 * Self.b) * s + Self.c)
        }
        let lower = Double(sign: .plus, exponent: Int(exponent), significand: 1 + s)
        return lower * (1 + relativeError)
    }
}
