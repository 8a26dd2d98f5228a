import Configuration
import Foundation
import Telemetry

/// What the machine gives the gateway: versions, limits, directories.
enum MachineChecks {
    static func versions() -> [Finding] {
        let system = ProcessInfo.processInfo.operatingSystemVersionString
        return [.ok("version", "attune \(GatewayVersion.text) on \(system)")]
    }

    /// Files that the gateway opens beside its connections and servers.
    private static let ownFiles = 128
    /// Three pipes, and some room, for each server's process.
    private static let filesPerServer = 8

    static func limits(_ configuration: GatewayConfiguration) -> [Finding] {
        var limit = rlimit()
        // Proof: `limit` outlives the call, which writes it.
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return [] }
        let hard = Int(clamping: limit.rlim_max)
        let needed =
            configuration.core.maxConnections + configuration.servers.count * filesPerServer + ownFiles
        let detail = "\(hard) open files are allowed, up to \(needed) are needed"
        if hard >= needed { return [.ok("file limit", detail)] }
        let next = "raise it (`ulimit -n`, LimitNOFILE=), or lower [core] max_connections"
        return [.warn("file limit", detail, next: next)]
    }

    static func directories(_ configuration: GatewayConfiguration) -> [Finding] {
        [
            directory("runtime directory", configuration.runtimeDirectory, isPrivate: true),
            directory("data directory", configuration.persistence.directory.value, isPrivate: false),
        ]
    }

    private static func directory(_ check: String, _ path: String, isPrivate: Bool) -> Finding {
        let files = FileManager.default
        guard files.fileExists(atPath: path) else {
            let parent = nearestExisting(path)
            if files.isWritableFile(atPath: parent) {
                return .ok(check, "\(path) is not there yet and can be made")
            }
            let next = "make it and give it to the user that runs the gateway"
            return .fail(check, "\(path) is not there and \(parent) may not be written", next: next)
        }
        let resolved = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = (try? files.attributesOfItem(atPath: resolved)) ?? [:]
        let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
        guard files.isWritableFile(atPath: path) else {
            return .fail(
                check, "\(path) may not be written", next: "give it to the user that runs the gateway")
        }
        if isPrivate && mode & 0o077 != 0 {
            return .warn(check, "\(path) is open to other users", next: "run `chmod 700 \(path)`")
        }
        return .ok(check, path)
    }

    private static func nearestExisting(_ path: String) -> String {
        var url = URL(filePath: path)
        while url.path != "/", !FileManager.default.fileExists(atPath: url.path) {
            url.deleteLastPathComponent()
        }
        return url.path
    }
}
