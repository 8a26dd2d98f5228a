/// Fast exponentials and logarithms that give the same bits on every machine, unlike those of a C library.
///
/// The relative error is below 1e-4, which is far below what a learned weight can tell.
package enum Transcendental {
    /// `e` to the power of a number; saturates outside of -80 to 80, and gives 1 for what is no number.
    package static func exponential(_ x: Float) -> Float {
        guard x == x else { return 1 }
        let scaled = min(max(x, -80), 80) * 1.442_695_04
        let whole = scaled.rounded(.down)
        let f = scaled - whole
        // 2^f on 0..<1 by a minimax polynomial.
        let part =
            1 + f
            * (0.693_147_18 + f * (0.240_221_07 + f * (0.055_682_1 + f * (0.008_973_1 + f * 0.001_975_1))))
        return part * Float(bitPattern: UInt32(bitPattern: Int32(whole) + 127) << 23)
    }

    /// Makes scores probabilities: their softmax, and of all of it an even `share`.
    package static func softmax(_ scores: inout [Float], share: Float) {
        var most = -Float.infinity
        for score in scores { most = max(most, score) }
        var sum: Float = 0
        for index in 0..<scores.count {
            let weight = exponential(scores[index] - most)
            scores[index] = weight
            sum += weight
        }
        let (kept, given) = ((1 - share) / sum, share / Float(max(1, scores.count)))
        for index in 0..<scores.count { scores[index] = scores[index] * kept + given }
    }

    /// The natural logarithm of one plus a number that is not negative, without a division; infinity counts
    /// as the greatest number, and what is no number as 0. The error is below 1e-5.
    @inline(__always)
    package static func logarithm(onePlus x: Float) -> Float {
        let y = min(1 + max(0, x), .greatestFiniteMagnitude)
        let bits = y.bitPattern
        let exponent = Float(Int32(bits >> 23) - 127)
        let f = Float(bitPattern: bits & 0x7F_FFFF | 0x3F80_0000) - 1
        // ln (1 + f) on 0..<1 by a polynomial that is 0 at 0 and ln 2 at 1 (least squares, Chebyshev nodes).
        let part =
            f
            * (0.999_883_7 + f
                * (-0.497_619_7 + f
                    * (0.316_449_7 + f * (-0.191_287_1 + f * (0.083_247_16 - f * 0.017_526_58)))))
        return exponent * 0.693_147_18 + part
    }

    /// The natural logarithm of a positive, normal number; of anything else that of the smallest one.
    package static func logarithm(_ x: Float) -> Float {
        guard x >= Float.leastNormalMagnitude, x < .infinity else { return -87.336_54 }
        let bits = x.bitPattern
        let exponent = Float(Int32(bits >> 23) - 127)
        let m = Float(bitPattern: bits & 0x7F_FFFF | 0x3F80_0000)
        // ln m on 1..<2 as 2 artanh((m - 1) / (m + 1)).
        let t = (m - 1) / (m + 1)
        let t2 = t * t
        let series = 2 * t * (1 + t2 * (0.333_333_33 + t2 * (0.2 + t2 * (0.142_857_14 + t2 * 0.111_111_1))))
        return exponent * 0.693_147_18 + series
    }

    /// The arcsine of the square root of a number from 0 to 1, on which scale a share has an even deviation.
    package static func arcsineRoot(_ share: Float) -> Float {
        guard share > 0.5 else { return arcsine(square: max(0, share == share ? share : 0)) }
        return 1.570_796_3 - arcsine(square: max(0, 1 - share))
    }

    /// The arcsine of a root of a square up to 1/2, by its series.
    @inline(__always)
    private static func arcsine(square s: Float) -> Float {
        let series =
            1 + s
            * (0.166_666_67 + s
                * (0.075 + s * (0.044_642_86 + s * (0.030_381_94 + s * (0.022_372_16 + s * 0.03)))))
        return s.squareRoot() * series
    }
}
