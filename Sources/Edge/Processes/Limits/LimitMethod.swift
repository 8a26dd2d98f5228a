/// How the memory and the processor time of a process are bounded.
package enum LimitMethod: String, Sendable, CaseIterable {
    /// `memory.max` and `cpu.weight` of a control group (cgroups(7), version 2).
    case cgroup2 = "cgroup v2"
    /// `memory.limit_in_bytes` of a control group of version 1, and nice.
    case cgroup1 = "cgroup v1"
    /// RLIMIT_DATA (setrlimit(2)), which counts private writable memory, and nice. RLIMIT_AS would count the
    /// shared region too, and make mapping it fail.
    case resourceLimits = "RLIMIT_DATA and nice"
}
