import Synchronization

/// A value that is touched by one thread at a time, as a test's own order of events sees to.
final class Confined<Value>: @unchecked Sendable {
    // Proof of Sendable: each test hands the value on only after the other thread is done with it.
    var value: Value

    init(_ value: Value) { self.value = value }
}
