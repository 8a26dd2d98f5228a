import Identifiers

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the operating system says about the gateway's process.
package struct ProcessReadings: Sendable {
    /// 0 where the system does not tell.
    package var residentBytes: UInt64
    package var processorSeconds: Double

    package static func now() -> ProcessReadings {
        ProcessReadings(residentBytes: residentBytes(), processorSeconds: processorSeconds())
    }

    /// - Parameter parts: what parts of the memory hold, beside the whole process.
    func write(
        to page: inout Exposition, version: String, uptimeSeconds: UInt64,
        parts: [(component: String, bytes: Int)] = []
    ) {
        page.family("attune_memory_bytes", .gauge, "Memory in use, by component.")
        page.sample("attune_memory_bytes", [("component", "process_resident")], residentBytes)
        for part in parts {
            page.sample("attune_memory_bytes", [("component", part.component)], UInt64(clamping: part.bytes))
        }
        page.family("attune_build_info", .gauge, "Always 1; the version is a label.")
        page.sample("attune_build_info", [("version", version)], UInt64(1))
        page.family("attune_uptime_seconds", .gauge, "Time since the gateway came up.")
        page.sample("attune_uptime_seconds", [], uptimeSeconds)
        page.family("process_cpu_seconds_total", .counter, "Processor time of the process, user and system.")
        page.sample("process_cpu_seconds_total", [], processorSeconds)
        page.family("process_resident_memory_bytes", .gauge, "Resident memory of the process.")
        page.sample("process_resident_memory_bytes", [], residentBytes)
        page.family("process_start_time_seconds", .gauge, "When the process started, in seconds since 1970.")
        page.sample(
            "process_start_time_seconds", [], WallClock.microseconds / 1_000_000 &- uptimeSeconds)
    }

    /// The second number of `/proc/self/statm`, in pages (proc_pid_statm(5)).
    private static func residentBytes() -> UInt64 {
        // Proof: the path is a literal, lent as a C string for the length of the call.
        let descriptor = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var text = [UInt8](repeating: 0, count: 256)
        // Proof: the pointer and count are the array's own, which outlives the call.
        let count = unsafe text.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return 0 }
        let fields = text[..<count].split(separator: UInt8(ascii: " "))
        guard fields.count > 1, let pages = UInt64(String(decoding: fields[1], as: UTF8.self)) else {
            return 0
        }
        return pages &* UInt64(clamping: sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        // Proof: `time` outlives the call, which writes one timespec.
        guard unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
