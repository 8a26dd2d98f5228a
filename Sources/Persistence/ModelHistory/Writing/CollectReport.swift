/// What was taken away because nothing led to it.
public struct CollectReport: Equatable, Sendable {
    public var keptObjects = 0
    public var removedObjects = 0
    /// Bytes of the removed objects as they were stored; the store gives the space back when it compacts.
    public var removedBytes = 0
    public var removedReflogEntries = 0
}
