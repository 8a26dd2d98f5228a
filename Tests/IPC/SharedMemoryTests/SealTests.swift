import Foundation
import SharedMemory
import Testing

@Suite("Seals") struct SealTests {
    @Test("A handed descriptor can't be cut, grown, written or mapped for writing") func sealed() throws {
        let segment = try Segment.anonymous(SegmentTests.plan())
        try segment.goLive()
        let descriptor = dup(segment.descriptor)
        defer { close(descriptor) }
        #expect(ftruncate(descriptor, 4096) == -1 && errno == EPERM)
        #expect(ftruncate(descriptor, off_t(segment.bytes) + 4096) == -1 && errno == EPERM)
        let byte: [UInt8] = [1]
        // Proof: one byte is written from an array of one; the mapping is not used.
        #expect(unsafe pwrite(descriptor, byte, 1, 0) == -1 && errno == EPERM)
        // Proof: the mapping is refused, and nothing is done with it.
        let mapping = unsafe mmap(
            nil, Int(segment.bytes), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        #expect(unsafe mapping == MAP_FAILED && errno == EPERM)
        // The owner's own mapping still writes.
        segment.heartbeat()
    }

    @Test("A file that its owner could cut is refused where it comes as a descriptor") func unsealed() throws
    {
        let directory = FileManager.default.temporaryDirectory.path + "/seals-\(UUID().uuidString)"
        let segment = try Segment.file(SegmentTests.plan(), in: directory)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try segment.goLive()
        #expect(throws: SegmentError.notSealed) { try AttachedSegment.anonymous(dup(segment.descriptor)) }
    }

    @Test("A segment that is not live yet is refused") func building() throws {
        let segment = try Segment.anonymous(SegmentTests.plan())
        #expect(throws: SegmentError.notLive(state: 0)) {
            try AttachedSegment.anonymous(dup(segment.descriptor))
        }
    }

    @Test("A descriptor that is refused is closed") func closed() throws {
        let segment = try Segment.anonymous(SegmentTests.plan("closed-\(getpid())"))
        let descriptor = dup(segment.descriptor)
        #expect(throws: SegmentError.self) { try AttachedSegment.anonymous(descriptor) }
        // Its number may be another test's by now.
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
        #expect(target?.contains("closed-\(getpid())") != true)
    }

    @Test("The region is left out of core dumps") func dumps() throws {
        let segment = try Segment.anonymous(SegmentTests.plan("dumps-\(getpid())"))
        try segment.goLive()
        let attached = try AttachedSegment.anonymous(dup(segment.descriptor))
        // In pieces: Foundation reads a file of /proc as a whole only up to a page.
        let file = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
        var bytes = Data()
        while let piece = try file.read(upToCount: 4096), !piece.isEmpty { bytes += piece }
        let maps = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        // "dd" among the flags of a mapping is MADV_DONTDUMP (proc_pid_smaps(5)).
        let flags = maps.indices.filter { maps[$0].contains("memfd:attune-dumps-\(getpid())") }.map { start in
            maps[start...].first { $0.hasPrefix("VmFlags:") } ?? ""
        }
        #expect(flags.count == 2)
        #expect(flags.allSatisfy { $0.split(separator: " ").contains("dd") })
        withExtendedLifetime((segment, attached)) {}
    }
}
