import Foundation

/// A folder of mode 0700 that goes with the last reference.
public final class PrivateFolder {
    public let path: String

    public init() throws {
        path = FileManager.default.temporaryDirectory.path + "/attune-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
