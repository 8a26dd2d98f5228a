/// Counts of calls and errors for each of the last seconds.
struct RateWindow {
    /// The length of the window over which rates are averaged.
    static let seconds: UInt64 = 10
    /// More than the window, so that the second under way is apart from the whole ones.
    private static let slots = 16

    private var stamps = [UInt64](repeating: .max, count: Self.slots)
    private var calls = [UInt64](repeating: 0, count: Self.slots)
    private var errors = [UInt64](repeating: 0, count: Self.slots)

    /// - Parameter seconds: a clock's reading in whole seconds.
    mutating func count(seconds: UInt64, isError: Bool) {
        let slot = Int(seconds % UInt64(Self.slots))
        if stamps[slot] != seconds {
            stamps[slot] = seconds
            calls[slot] = 0
            errors[slot] = 0
        }
        calls[slot] &+= 1
        if isError { errors[slot] &+= 1 }
    }

    /// What was counted in the last ten whole seconds before the one under way.
    func totals(seconds: UInt64) -> (calls: UInt64, errors: UInt64) {
        var total = (calls: UInt64(0), errors: UInt64(0))
        for slot in 0..<Self.slots where stamps[slot] < seconds && seconds - stamps[slot] <= Self.seconds {
            total.calls &+= calls[slot]
            total.errors &+= errors[slot]
        }
        return total
    }
}
