import Foundation
import SharedMemory
import Testing

@Suite("Segments in files") struct SegmentFileTests {
    let directory = FileManager.default.temporaryDirectory.path + "/segments-\(UUID().uuidString)"
    var path: String { "\(directory)/core.segment" }

    private func names() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    }

    private func mode(_ path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]) as? Int
    }

    @Test("A segment is found only once it is live, by its owner's user only, and goes when it retires")
    func life() throws {
        let segment = try Segment.file(SegmentTests.plan(), in: directory)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        #expect(throws: SegmentError.system(.open, code: ENOENT)) { try AttachedSegment.file(path) }
        try segment.goLive()
        #expect(names() == ["core.segment"])
        #expect(mode(path) == 0o600)
        #expect(mode(directory) == 0o700)
        let attached = try AttachedSegment.file(path)
        #expect(attached.state == .live)
        segment.retire()
        #expect(names().isEmpty)
        #expect(attached.state == .retired)
    }

    @Test("A successor takes the name, and what its predecessor retires is not taken from it")
    func successor() throws {
        let first = try Segment.file(SegmentTests.plan(), in: directory)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try first.goLive()
        let old = try AttachedSegment.file(path)
        // What a killed owner leaves.
        #expect(FileManager.default.createFile(atPath: "\(path).building", contents: Data([1, 2, 3])))
        let second = try Segment.file(SegmentTests.plan(), in: directory)
        try second.goLive()
        first.retire()
        #expect(names() == ["core.segment"])
        #expect(try AttachedSegment.file(path).header.generation == second.generation)
        #expect(second.generation > first.generation)
        #expect(old.header.generation == first.generation)
        #expect(old.state == .retired)
    }

    @Test("Every byte of a segment's file is reserved on the disk before it is used") func reserved()
        throws
    {
        let segment = try Segment.file(SegmentTests.plan(), in: directory)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var file = stat()
        // Proof: the call fills in the structure that it is given.
        #expect(unsafe fstat(segment.descriptor, &file) == 0)
        #expect(file.st_blocks * 512 >= segment.bytes)
        #expect(UInt64(file.st_size) == segment.bytes)
    }

    @Test("Files that others may change, that are none, or that are cut are refused") func refused() throws {
        let segment = try Segment.file(SegmentTests.plan(), in: directory)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try segment.goLive()
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(throws: SegmentError.notPrivate(user: geteuid(), mode: 0o640)) {
            try AttachedSegment.file(path)
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        try FileManager.default.createSymbolicLink(
            atPath: "\(directory)/link", withDestinationPath: path)
        #expect(throws: SegmentError.system(.open, code: ELOOP)) {
            try AttachedSegment.file("\(directory)/link")
        }
        #expect(throws: SegmentError.notAFile) { try AttachedSegment.file(directory) }
        // Proof: the call reads the name and keeps nothing of it.
        #expect(unsafe mkfifo("\(directory)/pipe", 0o600) == 0)
        #expect(throws: SegmentError.notAFile) { try AttachedSegment.file("\(directory)/pipe") }
        let copy = "\(directory)/copy"
        let bytes = try Data(contentsOf: URL(filePath: path))
        for count in [0, 1, 4095, 4096, 20479] {
            #expect(
                FileManager.default.createFile(
                    atPath: copy, contents: bytes.prefix(count), attributes: [.posixPermissions: 0o600]))
            let error =
                count < 4096
                ? SegmentError.tooSmall(bytes: UInt64(count))
                : SegmentError.wrongSize(header: 20480, file: UInt64(count))
            #expect(throws: error) { try AttachedSegment.file(copy) }
        }
    }

    @Test("A directory that can't be made is told by its error") func noDirectory() throws {
        #expect(throws: SegmentError.system(.makeDirectory, code: ENOENT)) {
            try Segment.file(SegmentTests.plan(), in: "/nowhere/at/all")
        }
    }
}
