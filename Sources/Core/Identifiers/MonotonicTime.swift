#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A reading of the monotonic clock, in nanoseconds since an arbitrary start.
public struct MonotonicTime: Hashable, Comparable, Sendable {
    public let nanoseconds: UInt64

    @inlinable
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    public static var now: MonotonicTime {
        MonotonicTime(nanoseconds: readNanoseconds(CLOCK_MONOTONIC))
    }

    @inlinable
    public static func < (left: MonotonicTime, right: MonotonicTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The nanoseconds from `earlier` to this reading; zero if `earlier` is later.
    @inlinable
    public func nanoseconds(since earlier: MonotonicTime) -> UInt64 {
        nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0
    }

    @inlinable
    public func advanced(byMilliseconds milliseconds: Int) -> MonotonicTime {
        MonotonicTime(nanoseconds: nanoseconds &+ UInt64(max(0, milliseconds)) &* 1_000_000)
    }
}

/// The wall clock.
public enum WallClock {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public static var microseconds: UInt64 { readNanoseconds(CLOCK_REALTIME) / 1000 }
}

private func readNanoseconds(_ clock: clockid_t) -> UInt64 {
    var time = timespec()
    // Proof: `time` outlives the call, which writes one timespec.
    _ = unsafe clock_gettime(clock, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
}
