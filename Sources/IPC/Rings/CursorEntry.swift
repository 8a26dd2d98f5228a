/// What a cursor said when it was read; another process's word, and untrusted.
public struct CursorEntry: Sendable, Equatable {
    public var stream: CursorStream
    /// The generation of the segment that the stream is in.
    public var generation: UInt64
    public var position: UInt64
    public var lost: UInt64
    /// Nanoseconds of CLOCK_MONOTONIC.
    public var movedAt: UInt64
}
