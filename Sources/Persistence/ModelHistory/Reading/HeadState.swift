/// Where a model's HEAD is.
public struct HeadState: Hashable, Sendable {
    public let head: Head
    /// The version in use; nil on a branch that has none, which only damage makes.
    public let commit: ObjectID?
}
