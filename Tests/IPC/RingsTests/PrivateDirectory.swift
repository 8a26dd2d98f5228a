import Foundation

/// A directory of mode 0700 that goes with the last reference.
final class PrivateDirectory {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/rings-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
