import Foundation

/// A file that is written under another name until it is whole. For one thread.
final class BundleTarget {
    private let path: String
    private let handle: FileHandle
    private var hasFailed = false
    private(set) var bytes = 0

    private var draft: String { "\(path).part" }

    /// None if the file is there already or can't be made; it gets mode 0600.
    init?(_ path: String) {
        guard !FileManager.default.fileExists(atPath: path),
            FileManager.default.createFile(
                atPath: "\(path).part", contents: nil, attributes: [.posixPermissions: NSNumber(value: 0o600)]
            ),
            let handle = FileHandle(forWritingAtPath: "\(path).part")
        else { return nil }
        self.path = path
        self.handle = handle
    }

    func write(_ piece: [UInt8]) {
        guard !hasFailed else { return }
        do {
            try handle.write(contentsOf: Data(piece))
            bytes += piece.count
        } catch {
            hasFailed = true
        }
    }

    /// - Returns: false if the disk refused, and nothing is left.
    func finish() -> Bool {
        do {
            guard !hasFailed else { throw CocoaError(.fileWriteUnknown) }
            try handle.synchronize()
            try handle.close()
            try FileManager.default.moveItem(atPath: draft, toPath: path)
            return true
        } catch {
            discard()
            return false
        }
    }

    func discard() { try? FileManager.default.removeItem(atPath: draft) }
}
