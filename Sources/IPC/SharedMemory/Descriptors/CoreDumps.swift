import CSharedMemory

/// Keeps this process's memory from other processes of the same user.
///
/// No core is dumped, and neither `ptrace` nor `/proc/PID/mem` opens the process to anyone without
/// CAP_SYS_PTRACE (prctl(2), PR_SET_DUMPABLE). The files of `/proc/PID` belong to root from then on: another
/// user's process can't read its own `environ` and `io`, nor write its `comm` and `oom_score_adj`, any more;
/// `exe`, `fd`, `stat`, `statm` and `cgroup` stay open to it. Nobody finds it by its environment, then. A
/// program that it starts is dumpable again.
package enum CoreDumps {
    /// To be called at the start, before there are secrets. A crash then ends the process at once: the Swift
    /// runtime's backtracer, which cannot look into it, would wait for ever.
    package static func forbid() throws(DescriptorFault) {
        let result = cshared_forbid_dumps()
        guard result >= 0 else { throw .system(.forbidDumps, errno: -result) }
    }

    package static var areAllowed: Bool { cshared_allows_dumps() == 1 }
}
