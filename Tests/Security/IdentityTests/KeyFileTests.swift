import Foundation
import Testing

@testable import Identity

@Suite("Files of keys") struct KeyFileTests {
    private func scratch() throws -> String {
        let path = NSTemporaryDirectory() + "attune-identity-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    }

    @Test("A file that is not there is made with mode 0600 in directories of its own, and then read")
    func created() throws {
        let folder = try scratch()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/a/keys/session.key"
        let keys = try KeyFile.keys(at: path)
        #expect(keys.count == 1)
        #expect(try KeyFile.keys(at: path) == keys)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/a/keys") == ["session.key"])
    }

    @Test("Many that start at once read the same key") func race() async throws {
        let folder = try scratch()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 { group.addTask { try KeyFile.keys(at: folder + "/key")[0].text } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
    }

    @Test("A file with several keys gives them in its order, without comments and empty lines")
    func several() throws {
        let keys = [SealingKey(), SealingKey()]
        let text = "# new\n\n  \(keys[0].text)  \r\n# old\n\(keys[1].text)"
        #expect(try KeyText.keys(text) == keys)
    }

    @Test("A file that is no file of keys is refused, and stays as it is") func refusals() throws {
        let folder = try scratch()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/key"
        for (content, fault) in [
            ("", KeyFile.Fault.content(.noKey)), ("# nothing\n", .content(.noKey)),
            ("\nsecret\n", .content(.notAKey(line: 2))),
            (String(repeating: SealingKey().text + "\n", count: 17), .content(.tooMany)),
            (String(repeating: "#", count: 70_000), .tooLong),
        ] {
            try content.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: fault) { try KeyFile.keys(at: path) }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == content)
        }
        #expect(throws: (any Error).self) { try KeyFile.keys(at: folder) }
        #expect(throws: KeyFile.Fault.cannotCreate(errno: ENOTDIR)) { try KeyFile.keys(at: path + "/x") }
    }
}
