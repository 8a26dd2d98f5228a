import ModelHistory

/// Tool calls that no version has yet.
struct FreshCalls: Equatable {
    private(set) var count: UInt64 = 0
    private var first: UInt64 = .max
    private var last: UInt64 = 0

    var isEmpty: Bool { count == 0 }

    /// When they began, since 1970.
    var window: TrainingWindow { TrainingWindow(from: min(first, last), to: last) }

    mutating func add(_ microseconds: UInt64) {
        count &+= 1
        first = min(first, microseconds)
        last = max(last, microseconds)
    }

    /// Takes those away that came before; the time of the others is not known better than by their last.
    mutating func remove(_ earlier: FreshCalls) {
        count -= min(count, earlier.count)
        if count == 0 { self = FreshCalls() } else { first = min(earlier.last, last) }
    }
}
