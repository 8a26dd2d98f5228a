import NIOCore
import NIOPosix

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The place of a Unix socket in the file system.
enum LocalSocketPlace {
    private static let maxPathBytes = 107

    /// Makes the directory of the socket, for its owner only, if it is missing.
    ///
    /// - Throws: also where others may write to the directory, and for a path that is too long.
    static func prepareDirectory(of path: String) throws(LocalSocketFailure) {
        guard path.utf8.count <= maxPathBytes else { throw .pathTooLong(path, bytes: path.utf8.count) }
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        guard !directory.isEmpty else { return }
        var status = stat()
        // Proof: the path's terminated copy and `status` outlive the call, which writes one stat.
        if unsafe stat(directory, &status) == 0 {
            guard status.st_mode & 0o022 == 0 else {
                throw .directoryNotUsable(directory, reason: "others may write to it")
            }
            return
        }
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .directoryNotUsable(directory, reason: "\(error)")
        }
    }

    /// Removes a socket that refuses connections: its process is gone.
    static func clear(_ path: String, _ loops: EventLoops) async throws {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return }
        guard attributes[.type] as? FileAttributeType == .typeSocket else {
            throw LocalSocketFailure.notASocket(path)
        }
        if let channel = try? await ClientBootstrap(group: loops.group).connect(unixDomainSocketPath: path)
            .get()
        {
            try? await channel.close()
            throw LocalSocketFailure.inUse(path)
        }
        try FileManager.default.removeItem(atPath: path)
    }
}
