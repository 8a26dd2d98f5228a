import CSharedMemory

/// The clocks that segments are stamped with.
public enum SharedClock {
    /// Nanoseconds of CLOCK_MONOTONIC: the same clock in every process of a machine since it was started.
    public static func monotonicNanoseconds() -> UInt64 { cshared_monotonic_now() }

    /// Nanoseconds since 1970.
    public static func unixNanoseconds() -> UInt64 { cshared_unix_now() }
}
