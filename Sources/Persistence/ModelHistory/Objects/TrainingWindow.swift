/// The time of the observations that a version was learned from, in microseconds since 1970.
public struct TrainingWindow: Hashable, Sendable {
    public var from: UInt64
    public var to: UInt64

    public init(from: UInt64, to: UInt64) {
        self.from = from
        self.to = to
    }
}
