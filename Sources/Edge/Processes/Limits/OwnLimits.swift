import FoundationEssentials
import Glibc

/// Bounds the process that calls it.
package enum OwnLimits {
    /// How much later than others this process gets the processor.
    static let niceness: Int32 = 10
    /// What the stacks of the threads and the libraries' data take of RLIMIT_DATA before any work is done.
    static let ownDataBytes: UInt64 = 256 << 20

    /// Joins a control group, or, without one, bounds the private memory; and is nice.
    ///
    /// - Returns: the method that holds; nil if the system refused every one.
    package static func apply(group: String?, memoryBytes: UInt64) -> LimitMethod? {
        // Where processor time is shared by weight, being nice does no harm.
        let isNice = becomeNice()
        if let group, ControlGroup.write("0", "\(group)/cgroup.procs") {
            // The group's files tell the version: only the second has a `memory.max`.
            return FileKind(path: "\(group)/memory.max") == .missing ? .cgroup1 : .cgroup2
        }
        return limitData(memoryBytes) && isNice ? .resourceLimits : nil
    }

    /// Linux keeps niceness by thread (setpriority(2)); threads that start later have their starter's.
    private static func becomeNice() -> Bool {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        let all = threads.compactMap { UInt32($0) }
        let process = __priority_which_t(PRIO_PROCESS.rawValue)
        return !all.isEmpty && all.allSatisfy { setpriority(process, $0, niceness) == 0 || errno == ESRCH }
    }

    private static func limitData(_ memoryBytes: UInt64) -> Bool {
        let (sum, overflow) = memoryBytes.addingReportingOverflow(ownDataBytes)
        let bytes = rlim_t(overflow ? .max : sum)
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_DATA.rawValue)
        // Proof: `limit` outlives both calls, which read or write one rlimit.
        guard unsafe getrlimit(resource, &limit) == 0 else { return false }
        limit.rlim_cur = min(bytes, limit.rlim_max)
        // Proof: as above.
        return unsafe setrlimit(resource, &limit) == 0
    }

    /// The name on process lists: 15 bytes at most.
    package static func setName(_ name: String) {
        _ = ControlGroup.write(String(name.prefix(15)), "/proc/self/comm")
    }
}
