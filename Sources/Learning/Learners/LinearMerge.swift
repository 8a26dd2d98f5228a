/// Adds to a count what another has beyond what both come from, times a weight.
///
/// `ours + weight * (theirs - base)`, rounded, and at least 0: with `theirs` before and `base` after some
/// calls it takes these calls away again.
package struct LinearMerge: Sendable {
    package let weight: Double

    package init(weight: Double) { self.weight = weight }

    /// - Returns: at most 2^62.
    package func count(_ ours: UInt64, _ theirs: UInt64, beyond base: UInt64) -> UInt64 {
        let most = QuantileSketch.mostValues
        let (more, isMore) = theirs >= base ? (theirs - base, true) : (base - theirs, false)
        let scaled = Double(more) * weight
        let change = weight == 1 ? more : scaled >= Double(most) ? most : UInt64(scaled.rounded())
        if !isMore { return ours > change ? ours - change : 0 }
        let (sum, overflow) = ours.addingReportingOverflow(change)
        return overflow ? most : min(sum, most)
    }

    package func number(_ ours: Double, _ theirs: Double, beyond base: Double) -> Double {
        ours + weight * (theirs - base)
    }
}
