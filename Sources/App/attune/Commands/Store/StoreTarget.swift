import Foundation

/// A directory that a command makes if it isn't there.
struct StoreTarget {
    let path: String

    init(_ directory: String) throws(CommandFailure) {
        path = URL(filePath: directory).standardizedFileURL.path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .unwritable(path: path)
        }
    }
}
