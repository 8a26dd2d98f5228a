import FoundationEssentials
import Glibc

/// The control group of the gateway, where a part of it may be set apart for a process of its own.
///
/// A group is divided only if the gateway is alone in it, such as a service of systemd with `Delegate=yes`
/// or a container with a writable control group: one that holds other programs is theirs as well.
struct ControlGroup: Sendable, Equatable {
    enum Version: Sendable { case one, two }

    /// The group's directory.
    let path: String
    let version: Version

    static let gatewayName = "attune-gateway"

    /// Finds the group of `process` that bounds memory; nil if none does, or if it is not the gateway's
    /// alone.
    ///
    /// - Parameters:
    ///   - mount: where control groups are mounted: `/sys/fs/cgroup`.
    ///   - proc: where processes are: `/proc`.
    init?(of process: Int32, mount: String, proc: String) {
        guard let lines = Self.lines("\(proc)/\(process)/cgroup") else { return nil }
        for line in lines {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let directory = fields[2] == "/" ? "" : fields[2]
            let candidate: (path: String, version: Version)
            if fields[0] == "0", fields[1].isEmpty {
                candidate = ("\(mount)\(directory)", .two)
                guard Self.words("\(candidate.path)/cgroup.controllers").contains("memory") else { continue }
            } else if fields[1].split(separator: ",").contains("memory") {
                candidate = ("\(mount)/memory\(directory)", .one)
                guard FileKind(path: candidate.path) == .directory else { continue }
            } else {
                continue
            }
            guard FileManager.default.isWritableFile(atPath: "\(candidate.path)/cgroup.procs"),
                Self.holdsOnly(process, candidate.path, proc)
            else { continue }
            (path, version) = candidate
            return
        }
        return nil
    }

    /// Makes a group under this one that may use so much memory.
    ///
    /// With version 2 the gateway itself first moves to a group beside it: a group whose memory is divided
    /// may hold no processes (cgroups(7), "no internal processes").
    ///
    /// - Returns: the directory; nil if the system refuses.
    func child(_ name: String, memoryBytes: UInt64) -> String? {
        let child = "\(path)/\(name)"
        guard makeDirectory(child) else { return nil }
        switch version {
        case .one:
            guard Self.write("\(memoryBytes)", "\(child)/memory.limit_in_bytes") else { return nil }
        case .two:
            let own = "\(path)/\(Self.gatewayName)"
            guard makeDirectory(own), move(to: own),
                Self.write("+memory", "\(path)/cgroup.subtree_control"),
                Self.write("\(memoryBytes)", "\(child)/memory.max")
            else { return nil }
            // Processor time is shared by weight where the group may; nice bounds it in any case.
            if Self.write("+cpu", "\(path)/cgroup.subtree_control") {
                _ = Self.write("20", "\(child)/cpu.weight")
            }
        }
        return child
    }

    private func move(to group: String) -> Bool {
        // A process that was forked meanwhile is found by the second look.
        for _ in 0..<3 {
            let processes = Self.words("\(path)/cgroup.procs")
            if processes.isEmpty { return true }
            for process in processes { _ = Self.write(process, "\(group)/cgroup.procs") }
        }
        return Self.words("\(path)/cgroup.procs").isEmpty
    }

    private func makeDirectory(_ path: String) -> Bool {
        FileKind(path: path) == .directory
            || (try? FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false)) != nil
    }

    /// Whether all processes of a group are `process` or were started by it.
    private static func holdsOnly(_ process: Int32, _ group: String, _ proc: String) -> Bool {
        let members = words("\(group)/cgroup.procs").compactMap { Int32($0) }
        guard members.contains(process) else { return false }
        return members.allSatisfy { isDescendant($0, of: process, proc) }
    }

    /// How deep processes may start each other.
    private static let mostGenerations = 32

    private static func isDescendant(_ process: Int32, of ancestor: Int32, _ proc: String) -> Bool {
        var process = process
        for _ in 0..<mostGenerations {
            if process == ancestor { return true }
            guard process > 1, let status = FileManager.default.contents(atPath: "\(proc)/\(process)/stat"),
                let close = status.lastIndex(of: UInt8(ascii: ")"))
            else { return false }
            let rest = String(decoding: status[close...].dropFirst(), as: UTF8.self).split(separator: " ")
            guard rest.count > 1, let parent = Int32(rest[1]) else { return false }
            process = parent
        }
        return false
    }

    private static func lines(_ path: String) -> [Substring]? {
        FileManager.default.contents(atPath: path).map {
            String(decoding: $0, as: UTF8.self).split(separator: "\n")
        }
    }

    private static func words(_ path: String) -> [String] {
        let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        return text.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    /// Writes to a file of the kernel's, which takes each value in one write and without making the file.
    static func write(_ text: String, _ path: String) -> Bool {
        // Proof: the path's terminated copy lives for the call.
        let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        let file = OwnedDescriptor(descriptor)
        var text = text
        // Proof: pointer and count are the text's own, which outlives the call.
        return text.withUTF8 { unsafe Glibc.write(file.rawValue, $0.baseAddress, $0.count) == $0.count }
    }
}
