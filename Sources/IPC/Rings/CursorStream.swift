/// What a cursor goes over.
public struct CursorStream: RawRepresentable, Sendable, Hashable {
    /// The upper half is the kind (1 observations, 3 commands), the lower half the loop, or worker << 8 |
    /// lane.
    public let rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static func observations(loop: UInt32) -> CursorStream {
        CursorStream(rawValue: 1 << 32 | UInt64(loop))
    }

    /// - Parameter worker: the reader's number for the worker whose commands they are; 0 for the learner's.
    public static func commands(worker: UInt16 = 0, lane: UInt8) -> CursorStream {
        CursorStream(rawValue: 3 << 32 | UInt64(worker) << 8 | UInt64(lane))
    }

    public var isCommands: Bool { rawValue >> 32 == 3 }
    public var isObservations: Bool { rawValue >> 32 == 1 }
    /// The loop of observations.
    public var loop: UInt32 { UInt32(truncatingIfNeeded: rawValue) }
    /// The lane of commands.
    public var lane: UInt8 { UInt8(truncatingIfNeeded: rawValue) }
    /// The reader's number for the worker whose commands they are.
    public var worker: UInt32 { UInt32(truncatingIfNeeded: rawValue) >> 8 }
}
