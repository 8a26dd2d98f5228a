#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The processor time of threads.
enum ProcessorTime {
    /// Nanoseconds that the calling thread has used; 0 where that is not known.
    ///
    /// - Complexity: 200 ns.
    static var ofThread: UInt64 {
        var time = timespec()
        // Proof: the structure is this function's own and outlives the call, which fills it.
        guard unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return 0 }
        return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
    }
}
