import Foundation
import RocksStorage
import Storage
import TestSupport
import Testing

@Suite("A store's directory") struct DirectoryTests {
    let folder: PrivateFolder
    let path: String

    init() throws {
        folder = try PrivateFolder()
        path = folder.path + "/s"
    }

    private func open(_ purpose: String = "test", create: Bool = true) throws {
        _ = try RocksStore(path, purpose: purpose, families: [Family("a")], create: create)
    }

    private func put(_ text: String, in file: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try text.write(toFile: path + "/" + file, atomically: false, encoding: .utf8)
    }

    @Test("is private to its user") func privacy() throws {
        try open()
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o700)
    }

    @Test("that another process has open is told as in use, and can be read beside it") func locked() throws {
        let holder = try FixtureProcess("StoreFixture", "hold", path)
        #expect(holder.line() == "open made")
        #expect(throws: StorageError.locked(path: path)) { try open() }
        _ = try RocksSecondary(path, purpose: "test", scratch: folder.path + "/scratch")
        holder.killed()
        try open()
    }

    @Test("that holds other files is refused, and left as it is") func unmarked() throws {
        try put("x", in: "notes.txt")
        #expect(throws: StorageError.foreign(path: path, .unmarked)) { try open() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["notes.txt"])
    }

    @Test("with a mark that is none, of another purpose or of another format is refused with what it is")
    func marks() throws {
        try put("hello", in: "STORE")
        #expect(throws: StorageError.foreign(path: path, .mark)) { try open() }
        try put("attune store 1 learner\n", in: "STORE")
        #expect(throws: StorageError.foreign(path: path, .purpose("learner"))) { try open() }
        try put("attune store 2 test\n", in: "STORE")
        #expect(throws: StorageError.unsupportedFormat(path: path, found: 2, supported: 1)) { try open() }
    }

    @Test("that isn't there is made only if that is asked for") func missing() throws {
        #expect(throws: StorageError.missing(path: path)) { try open(create: false) }
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(throws: StorageError.missing(path: path)) {
            _ = try RocksSecondary(path, purpose: "test", scratch: folder.path + "/scratch")
        }
    }

    @Test("that a crash left before the database was made is made anew") func halfMade() throws {
        try put("attu", in: "STORE.new")
        try open()
        try FileManager.default.removeItem(atPath: path)
        try put("attune store 1 test\n", in: "STORE")
        try open()
    }

    @Test("whose parent is a file can't be made") func unmakeable() throws {
        try "x".write(toFile: path, atomically: false, encoding: .utf8)
        let below = path + "/store"
        #expect(throws: StorageError.inputOutput(.open, detail: "\(below) can't be made")) {
            _ = try RocksStore(below, purpose: "test", families: [])
        }
    }
}
