import Identifiers

/// When something is done: the time of day for what is written down, and the monotonic clock for what is due.
///
/// An operator may set the time of day back by hours; nothing waits for it.
struct AuditMoment: Sendable {
    /// In microseconds since 1970.
    var wall: UInt64
    /// In microseconds since an arbitrary start.
    var steady: UInt64

    static var now: AuditMoment {
        AuditMoment(wall: WallClock.microseconds, steady: MonotonicTime.now.nanoseconds / 1000)
    }
}
