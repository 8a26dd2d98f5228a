import Foundation

/// The directory of a region that is kept in files.
enum RegionFile {
    /// Makes the directories above the region's own, for this user alone; those that exist stay as they are.
    static func makeParents(of directory: String) throws {
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: directory).deletingLastPathComponent().path,
            withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Whether others may write to a directory that is there, and so take files away under their readers.
    static func isOpenToOthers(_ directory: String) -> Bool {
        let resolved = URL(fileURLWithPath: directory).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: resolved)
        guard let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue else { return false }
        return mode & 0o022 != 0
    }

    /// Who has the file mapped keeps it.
    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
