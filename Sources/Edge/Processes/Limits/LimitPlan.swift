import Glibc

/// The bounds of one process that the gateway starts beside itself, made ready before it starts.
package struct LimitPlan: Sendable, Equatable {
    package let method: LimitMethod
    package let memoryBytes: UInt64
    /// The control group that the process is to join; nil where there is none.
    package let group: String?

    /// Finds the best method that this machine allows: a control group of version 2, else 1, else
    /// RLIMIT_DATA.
    ///
    /// - Parameters:
    ///   - name: the name of the control group.
    ///   - memoryBytes: what the process may use, all told.
    package static func prepared(_ name: String, memoryBytes: UInt64) -> LimitPlan {
        prepared(name, memoryBytes: memoryBytes, process: getpid(), mount: "/sys/fs/cgroup", proc: "/proc")
    }

    static func prepared(
        _ name: String, memoryBytes: UInt64, process: Int32, mount: String, proc: String
    ) -> LimitPlan {
        guard let group = ControlGroup(of: process, mount: mount, proc: proc),
            let path = group.child(name, memoryBytes: memoryBytes)
        else { return LimitPlan(method: .resourceLimits, memoryBytes: memoryBytes, group: nil) }
        let method: LimitMethod = group.version == .two ? .cgroup2 : .cgroup1
        return LimitPlan(method: method, memoryBytes: memoryBytes, group: path)
    }

    /// What `prepared` would find for this process, without making anything.
    package static var available: LimitMethod {
        switch ControlGroup(of: getpid(), mount: "/sys/fs/cgroup", proc: "/proc")?.version {
        case .two: .cgroup2
        case .one: .cgroup1
        case nil: .resourceLimits
        }
    }
}
