/// What a command ring says of a command, beside its body.
public struct Command: Sendable, Hashable {
    public var lane: UInt8
    public var kind: UInt16
    /// 1, 2, ... in its lane.
    public var sequence: UInt64
}
