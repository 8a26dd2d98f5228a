/// Keeps those who are turned away from filling the log: so many have an entry a second, the others are
/// counted by the next entry.
struct AccessBudget {
    private static let each = 32

    private var second: UInt64 = 0
    private var taken = 0
    private(set) var more: UInt64 = 0

    /// - Returns: whether it is to have an entry.
    mutating func takes(_ microseconds: UInt64) -> Bool {
        if microseconds / 1_000_000 != second {
            second = microseconds / 1_000_000
            taken = 0
        }
        guard taken < Self.each else {
            more += 1
            return false
        }
        taken += 1
        return true
    }

    mutating func takeMore() -> UInt64 {
        defer { more = 0 }
        return more
    }
}
