/// What writer and reader of Rice codes agree on.
enum RiceCode {
    /// As many ones in front say that the number follows as it is, in 32 bits.
    static let longestUnary = 20
    static let greatestParameter = 24

    /// The parameter that suits numbers of a geometric distribution with this mean: the logarithm to the base
    /// 2 of their median.
    static func parameter(sum: Int, count: Int) -> Int {
        guard count > 0 else { return 0 }
        // ln 2 of the mean.
        let median = sum / count * 7 / 10
        return median < 1 ? 0 : min(greatestParameter, Int.bitWidth - 1 - median.leadingZeroBitCount)
    }
}
