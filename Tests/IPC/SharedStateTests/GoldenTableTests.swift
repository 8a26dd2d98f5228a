import Foundation
import SharedMemory
import SharedState
import TestSupport
import Testing

/// With ATTUNE_WRITE_GOLDEN set the files are written anew; a change of theirs is a change of the layout.
@Suite("The golden table", .serialized) struct GoldenTableTests {
    let bytesFile = GoldenTable.folder.appending(path: "table.segment")
    let contentsFile = GoldenTable.folder.appending(path: "table.json")

    init() throws {
        guard ProcessInfo.processInfo.environment["ATTUNE_WRITE_GOLDEN"] != nil else { return }
        let golden = try GoldenTable()
        try Data(golden.bytes).write(to: bytesFile)
        try JSONSerialization.data(
            withJSONObject: golden.contents, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        ).write(to: contentsFile)
    }

    private func contents() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: contentsFile)) as? [String: Any])
    }

    @Test("The same writes give the same bytes as ever") func bytes() throws {
        let golden = try GoldenTable()
        let known = Array(try Data(contentsOf: bytesFile))
        #expect(golden.bytes.count == known.count)
        let different = zip(golden.bytes, known).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
        #expect(different.isEmpty)
        #expect(try contents() as NSDictionary == golden.contents as NSDictionary)
    }

    @Test("A reader finds in the known bytes what the JSON says") func reading() throws {
        let folder = try PrivateFolder()
        let path = "\(folder.path)/core.segment"
        try #require(
            FileManager.default.createFile(
                atPath: path, contents: Data(contentsOf: bytesFile), attributes: [.posixPermissions: 0o600]))
        let segment = try AttachedSegment.file(path)
        let view = try StateTableView(section: #require(segment.section(.stateTable)))
        let contents = try contents()
        #expect(view.seed == contents["seed"] as? UInt64)
        let entries = try #require(contents["entries"] as? [[String: Any]])
        #expect(entries.count == view.snapshot().count)
        for entry in view.snapshot() {
            let known = try #require(entries.first { $0["key"] as? String == entry.json["key"] as? String })
            #expect(known as NSDictionary == entry.json as NSDictionary)
            #expect(view.value(entry.key) == VersionedBytes(bytes: entry.value, version: entry.version))
        }
        for key in try #require(contents["absent"] as? [String]) { #expect(!view.contains(key)) }
        for name in try #require(contents["names"] as? [[String: Any]]) {
            let id = try #require(name["id"] as? UInt32)
            let found = try #require(view.name(id))
            #expect(found.text == name["text"] as? String && found.kind.rawValue == name["kind"] as? UInt8)
        }
        #expect(view.statistics.json as NSDictionary == contents["statistics"] as? NSDictionary)
        #expect(view.counter("counter")?.value == -7 && view.counter(UInt64(77))?.value == -7)
    }
}
