import Foundation
import Storage

/// The file `STORE` in a store's directory, which tells what it is: `attune store 1 <purpose>` and a newline.
struct StoreMark {
    static let file = "STORE"
    static let format: UInt32 = 1

    let directory: String
    let purpose: String

    private var path: String { directory + "/" + Self.file }

    /// What is in the directory: nothing, this store, or what is thrown.
    /// - Throws: `foreign`, `unsupportedFormat`, `inputOutput`.
    func isThere() throws(StorageError) -> Bool {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory), !names.isEmpty
        else { return false }
        guard names.contains(Self.file) else {
            // What a crash left while the mark was made.
            if names == [Self.file + ".new"] { return false }
            throw .foreign(path: directory, .unmarked)
        }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw .inputOutput(.open, detail: "\(path) can't be read")
        }
        let words = String(decoding: bytes.prefix(256), as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 4, words[0] == "attune", words[1] == "store", let found = UInt32(words[2]) else {
            throw .foreign(path: directory, .mark)
        }
        guard found == Self.format else {
            throw .unsupportedFormat(path: directory, found: found, supported: Self.format)
        }
        guard words[3] == purpose else { throw .foreign(path: directory, .purpose(String(words[3]))) }
        return true
    }

    /// Makes the directory, private to its user, and the mark in it, durably.
    func make() throws(StorageError) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .inputOutput(.open, detail: "\(directory) can't be made")
        }
        try write()
    }

    func write() throws(StorageError) {
        let text = Array("attune store \(Self.format) \(purpose)\n".utf8)
        let draft = unsafe open(path + ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        let written = unsafe Glibc.write(draft, text, text.count)
        let isSynced = fsync(draft) == 0
        Glibc.close(draft)
        try Failpoint.markDrafted.reach()
        let isRenamed = unsafe written == text.count && isSynced && rename(path + ".new", path) == 0
        try Failpoint.markRenamed.reach()
        let folder = unsafe open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        let isDurable = fsync(folder) == 0
        Glibc.close(folder)
        guard isRenamed, isDurable else {
            throw errno == ENOSPC ? .noSpace(.open) : .inputOutput(.open, detail: "\(path) can't be written")
        }
    }
}
