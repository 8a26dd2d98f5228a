import FoundationEssentials

/// The processes of the machine, as `/proc` shows them (proc(5)).
///
/// - Complexity: every search reads one or two small files of each process: about 10 us apiece.
enum ProcessTable {
    /// The processes whose environment or arguments, at their last exec, had exactly this entry
    /// (`NAME=value`).
    ///
    /// The environment of other users' processes and of those that forbid inspection is not seen; arguments
    /// are. Zombies have neither.
    static func carrying(_ entry: String) -> [Int32] {
        let wanted = Array(entry.utf8)
        return all().filter { process in
            ["environ", "cmdline"].contains { file in
                guard let texts = contents(file, of: process) else { return false }
                return texts.split(separator: 0).contains { $0.elementsEqual(wanted) }
            }
        }
    }

    /// Whether a process group has a member that still runs; zombies do not count.
    static func hasRunningMember(group: Int32) -> Bool {
        all().contains { process in
            guard let fields = fields(of: process) else { return false }
            return fields.group == group && !ended.contains(fields.state)
        }
    }

    /// Whether a process still runs; a zombie does not.
    static func isRunning(_ process: Int32) -> Bool {
        fields(of: process).map { !ended.contains($0.state) } ?? false
    }

    private static let ended: Set<Character> = ["Z", "X"]

    private static func fields(of process: Int32) -> (state: Character, group: Int32)? {
        contents("stat", of: process).flatMap { fields($0) }
    }

    /// The state and group of a `/proc/PID/stat` line: `pid (name) state parent group ...`; the name may hold
    /// anything, parentheses too.
    static func fields(_ status: some BidirectionalCollection<UInt8>) -> (state: Character, group: Int32)? {
        guard let close = status.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let rest = String(decoding: status[close...].dropFirst(), as: UTF8.self).split(separator: " ")
        guard rest.count > 2, let state = rest[0].first, let group = Int32(rest[2]) else { return nil }
        return (state, group)
    }

    private static func all() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }
    }

    private static func contents(_ file: String, of process: Int32) -> Data? {
        FileManager.default.contents(atPath: "/proc/\(process)/\(file)")
    }
}
