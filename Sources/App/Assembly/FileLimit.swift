#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The number of files that the process may have open.
enum FileLimit {
    /// Raises the soft limit to the hard one: each connection is a file.
    static func raise() {
        var limit = rlimit()
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        // Proof: `limit` outlives both calls, which read or write one rlimit.
        guard unsafe getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        // Proof: as above.
        _ = unsafe setrlimit(resource, &limit)
    }
}
