import Foundation
import Rings
import SharedMemory
import Testing

/// With ATTUNE_WRITE_GOLDEN set the files are written anew; a change of theirs is a change of the layout.
@Suite("The golden segment", .serialized) struct GoldenSegmentTests {
    let bytesFile = GoldenSegment.folder.appending(path: "core-2.segment")
    let contentsFile = GoldenSegment.folder.appending(path: "core-2.json")

    init() throws {
        guard ProcessInfo.processInfo.environment["ATTUNE_WRITE_GOLDEN"] != nil else { return }
        let golden = try GoldenSegment()
        try Data(golden.bytes).write(to: bytesFile)
        try JSONSerialization.data(
            withJSONObject: golden.contents, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        ).write(to: contentsFile)
    }

    @Test("The same calls and commands give the same bytes as ever") func bytes() throws {
        let golden = try GoldenSegment()
        let known = Array(try Data(contentsOf: bytesFile))
        #expect(golden.bytes.count == known.count)
        let different = zip(golden.bytes, known).enumerated().filter { $1.0 != $1.1 }.map(\.offset)
        #expect(different.isEmpty)
        let contents = try JSONSerialization.jsonObject(with: Data(contentsOf: contentsFile))
        #expect((contents as? NSDictionary) == golden.contents as NSDictionary)
    }

    @Test(
        "A reader finds in the known bytes of each version what the JSON says",
        arguments: [("core", 1), ("core-2", 2)] as [(String, UInt32)])
    func contents(name: String, version: UInt32) throws {
        let bytesFile = GoldenSegment.folder.appending(path: "\(name).segment")
        let contentsFile = GoldenSegment.folder.appending(path: "\(name).json")
        let directory = try PrivateDirectory()
        let path = "\(directory.path)/core.segment"
        try #require(
            FileManager.default.createFile(
                atPath: path, contents: Data(contentsOf: bytesFile), attributes: [.posixPermissions: 0o600]))
        let contents = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: contentsFile)) as? [String: Any])
        let segment = try AttachedSegment.file(path)
        #expect(segment.header.version == version)
        #expect(contents["layout_version"] as? UInt32 == version)
        #expect(segment.header.generation == GoldenSegment.generation)
        #expect(segment.header.owner == GoldenSegment.owner)
        #expect(segment.heartbeat == GoldenSegment.heartbeat)
        #expect(segment.state == .live)
        #expect(segment.header.boot.words.second == 0xFFEE_DDCC_BBAA_9988)

        var reader = try ObservationRingReader(#require(segment.section(.observationRing)), from: .beginning)
        var records: [ObservationRecord] = []
        while try reader.read(limit: 100, into: &records) > 0 {}
        let observations = try #require(contents["observations"] as? [String: Any])
        #expect((observations["records"] as? NSArray) == records.map(\.json) as NSArray)
        #expect(reader.lost == 5)

        let payloads = try PayloadRingReader(#require(segment.section(.payloadRing)))
        let found = records.map { GoldenSegment.json(payloads.payload(of: $0)) }
        #expect((contents["payloads"] as? NSArray) == found as NSArray)

        let lanes = try #require(contents["lanes"] as? [[String: Any]])
        for lane in lanes {
            let number = try #require(lane["lane"] as? UInt32)
            let start = try #require(lane["start"] as? UInt64)
            var reader = try CommandRingReader(
                #require(segment.section(.commandRing, number)), from: version == 1 ? .at(start) : .unread)
            #expect(reader.position == start)
            var commands: [Any] = []
            while let command = reader.next({ command, body in
                [
                    "kind": command.kind, "sequence": command.sequence,
                    "body": (0..<body.count).map { body[$0] }.hex,
                ] as [String: Any]
            }) {
                commands.append(command)
            }
            #expect(commands as NSArray == lane["commands"] as? NSArray)
            #expect(reader.position == lane["published"] as? UInt64)
        }
        let cursors = try CursorView(#require(segment.section(.cursors))).entries()
        #expect(cursors.map(\.position) == [77, 3712])
        #expect(cursors.map(\.movedAt) == [GoldenSegment.moved, GoldenSegment.moved])
    }
}
