import Foundation

/// What the operating system says about processes and descriptors.
enum Machine {
    /// Whether a process runs; a zombie does not.
    static func isRunning(_ process: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let close = status.lastIndex(of: ")")
        else { return false }
        return !status[close...].hasPrefix(") Z") && !status[close...].hasPrefix(") X")
    }

    /// Session and group of a process.
    static func session(_ process: Int32) -> (group: Int32, session: Int32, terminal: Int32)? {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let close = status.lastIndex(of: ")")
        else { return nil }
        let fields = status[close...].split(separator: " ").dropFirst().compactMap { Int32($0) }
        return fields.count > 3 ? (fields[1], fields[2], fields[3]) : nil
    }

    /// The open descriptors of a process and what each leads to.
    static func descriptors(_ process: Int32) -> [Int32: String] {
        let folder = "/proc/\(process)/fd"
        var found: [Int32: String] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            guard let number = Int32(name) else { continue }
            found[number] = (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)"))
        }
        return found
    }

    /// Children of this process that ended and were not collected.
    static func zombies() -> [Int32] {
        let own = ProcessInfo.processInfo.processIdentifier
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { Int32($0) }.filter { process in
            guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let close = status.lastIndex(of: ")")
            else { return false }
            return status[close...].hasPrefix(") Z \(own) ")
        }
    }

    /// Waits, up to 20 s, until something holds.
    static func eventually(_ condition: () -> Bool) async -> Bool {
        for _ in 0..<1000 {
            if condition() { return true }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return condition()
    }
}
