import Foundation

/// How much memory can still be reserved before the system would have to kill something for it.
enum AvailableMemory {
    /// The least of what the machine and the process's container have left; nil where neither tells.
    ///
    /// Linux reserves anonymous shared memory without asking whether there is that much, so that a
    /// reservation does not fail but gets a process killed.
    static var bytes: Int? { [machine, container].compactMap(\.self).min() }

    /// MemAvailable of /proc/meminfo (proc_meminfo(5)).
    private static var machine: Int? {
        text("/proc/meminfo").flatMap(machine(in:))
    }

    static func machine(in text: String) -> Int? {
        for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
        }
        return nil
    }

    /// What the control group of version 2, or of version 1, has left; nil without a limit.
    private static var container: Int? {
        left("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current")
            ?? left(
                "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes")
    }

    private static func left(_ limit: String, _ usage: String) -> Int? {
        guard let limit = number(limit), let usage = number(usage) else { return nil }
        return max(0, limit - usage)
    }

    private static func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private static func text(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}
