import Identifiers

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The clock of expiry: CLOCK_MONOTONIC as it was at the kernel's last tick, up to 4 ms ago, for a quarter of
/// the cost.
@usableFromInline
enum TableClock {
    @usableFromInline static var now: MonotonicTime {
        #if canImport(Glibc)
            var time = timespec()
            guard unsafe clock_gettime(CLOCK_MONOTONIC_COARSE, &time) == 0 else { return .now }
            return MonotonicTime(
                nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
        #else
            return .now
        #endif
    }
}
