import Learners
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

extension FreshCalls {
    func save(to encoder: inout ByteEncoder) {
        for number in [count, first, last] { encoder.write(number) }
    }

    /// nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        guard let count = decoder.integer(), let first = decoder.integer(), let last = decoder.integer(),
            count == 0 || first <= last
        else { return nil }
        self.init()
        guard count > 0 else { return }
        (self.count, self.first, self.last) = (count, first, last)
    }
}
