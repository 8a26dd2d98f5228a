import Foundation

/// The directory of a region that is kept in files.
enum RegionFile {
    /// Makes the directories above the region's own, for this user alone; those that exist stay as they are.
    static func makeParents(of directory: String) throws {
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: directory).deletingLastPathComponent().path,
            withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Who has the file mapped keeps it.
    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
