/// What waits in a commit queue, and what is written together, at most.
public struct CommitLimits: Sendable {
    public var waiting = 8192
    public var waitingBytes = 64 << 20
    public var groupOperations = 4096
    public var groupBytes = 8 << 20

    public init() {}
}
