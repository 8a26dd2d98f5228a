/// A counter and the version under which it was read.
public struct VersionedCounter: Hashable, Sendable {
    public var value: Int64
    public var version: UInt64

    @inlinable
    public init(value: Int64, version: UInt64) {
        self.value = value
        self.version = version
    }
}
