import Foundation
import Rings
import SharedMemory
import TestSupport
import Testing

/// Whatever a segment's bytes are, it is refused with an error or read without a crash.
@Suite("Damaged regions") struct DamagedRegionTests {
    /// The bytes of a live segment with something in every section.
    static func image() throws -> [UInt8] {
        let directory = try PrivateDirectory()
        let segment = try Segment.file(RingSegment.plan(), in: directory.path)
        var log = try ObservationLog(
            ring: #require(segment.section(.observationRing)),
            payloads: #require(segment.section(.payloadRing)))
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<40 {
            log.append(
                .random(&generator), params: generator.bytes(60).span, result: generator.bytes(90).span)
        }
        log.flush()
        for lane in 0..<3 as Range<UInt32> {
            var writer = try CommandRingWriter(#require(segment.section(.commandRing, lane)))
            for size in [0, 5, 64, 900] { _ = writer.put(kind: 1, generator.bytes(size).span) }
        }
        var table = try CursorTable(#require(segment.section(.cursors)))
        _ = try table.take(.observations(loop: 0), generation: 5)
        _ = try table.take(.commands(lane: 1), generation: 5, position: 24)
        try segment.goLive()
        let bytes = try Data(contentsOf: URL(filePath: "\(directory.path)/test.segment"))
        segment.retire()
        return Array(bytes)
    }

    /// Where the fields are: every word of the header, the directory and each section's head and first
    /// records.
    static let places: [Int] =
        Array(stride(from: 0, to: 128 + 7 * 48, by: 4)) + Array(stride(from: 3200, to: 3260, by: 4))
        + [4096, 8192, 16384, 24576, 32768].flatMap { Array(stride(from: $0, to: $0 + 512, by: 8)) }
        + Array(stride(from: 40960, to: 40960 + 256, by: 8))

    static let values: [UInt64] = [
        0, 1, 2, 3, 8, 24, 63, 64, 127, 128, 255, 256, 4095, 4096, 4097, 40960, 0xFFFF, 0x7FFF_FFFF,
        0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000, 0xFFFF << 32, UInt64(Int64.max), 1 << 63, UInt64.max - 4096,
        UInt64.max - 7, UInt64.max,
    ]

    static func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place =
                generator.chance(80)
                ? generator.pick(places) : Int.random(in: 0..<bytes.count - 8, using: &generator)
            let value = generator.chance(70) ? generator.pick(values) : generator.next()
            for index in 0..<generator.pick([1, 2, 4, 8]) {
                bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(index * 8))
            }
        }
        // Else nothing but the checksum would be tried.
        if generator.chance(80) {
            let checksum = SegmentLayout.checksum(Array(bytes[..<SegmentLayout.pageBytes]))
            for index in 0..<8 {
                bytes[88 + index] = UInt8(truncatingIfNeeded: checksum >> UInt64(index * 8))
            }
        }
    }

    /// Reads all there is, as every reader would; what it finds does not matter.
    static func readAll(_ segment: AttachedSegment) {
        _ = segment.state
        for section in segment.sections(.cursors) {
            guard let view = try? CursorView(section) else { continue }
            _ = view.entries()
            _ = view.commands(lane: 1, generation: 5)
        }
        let payloads = segment.section(.payloadRing).flatMap { try? PayloadRingReader($0) }
        for section in segment.sections(.observationRing) {
            guard var reader = try? ObservationRingReader(section, from: .beginning) else { continue }
            var records: [ObservationRecord] = []
            for limit in [1, 7, 1000, 1000] { _ = try? reader.read(limit: limit, into: &records) }
            _ = try? reader.withBatch(limit: 10) { batch in (0..<batch.count).map { batch[$0].callID } }
            for record in records { _ = payloads?.payload(of: record) }
        }
        for section in segment.sections(.commandRing) {
            for start in [CommandRingReader.Start.unread, .end, .at(24)] {
                guard var reader = try? CommandRingReader(section, from: start) else { continue }
                for _ in 0..<20 { _ = reader.next { command, body in body.count + Int(command.kind) } }
            }
        }
    }

    @Test(
        "Random damage to any field is refused or read without a crash",
        arguments: 1...20 as ClosedRange<UInt64>)
    func fields(seed: UInt64) throws {
        let image = try Self.image()
        let directory = try PrivateDirectory()
        let path = "\(directory.path)/damaged.segment"
        var generator = SeededGenerator(seed: seed)
        var refused = 0
        var read = 0
        for round in 0..<250 {
            var bytes = image
            Self.damage(&bytes, &generator)
            if generator.chance(5) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator)) }
            try #require(
                FileManager.default.createFile(
                    atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600]))
            do throws(SegmentError) {
                let segment = try AttachedSegment.file(path)
                let end = UInt64(bytes.count)
                #expect(
                    segment.header.sections.allSatisfy { $0.offset >= 4096 && $0.end <= end },
                    "seed \(seed), round \(round)")
                Self.readAll(segment)
                read += 1
            } catch {
                #expect(!"\(error)".isEmpty)
                refused += 1
            }
        }
        #expect(refused > 0 && read > 0, "seed \(seed)")
    }

    @Test(
        "Damage that is done while a segment is attached crashes no reader",
        arguments: 1...20 as ClosedRange<UInt64>)
    func underway(seed: UInt64) throws {
        let image = try Self.image()
        let directory = try PrivateDirectory()
        let path = "\(directory.path)/damaged.segment"
        try #require(
            FileManager.default.createFile(
                atPath: path, contents: Data(image), attributes: [.posixPermissions: 0o600]))
        let segment = try AttachedSegment.file(path)
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        var observations = try ObservationRingReader(
            #require(segment.section(.observationRing)), from: .beginning)
        var lane = try CommandRingReader(#require(segment.section(.commandRing, 1)), from: .unread)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<250 {
            var bytes = image
            Self.damage(&bytes, &generator)
            // The same inode: the mapping sees it.
            try file.seek(toOffset: 0)
            try file.write(contentsOf: Data(bytes))
            Self.readAll(segment)
            var records: [ObservationRecord] = []
            _ = try? observations.read(limit: 10, into: &records)
            #expect(records.allSatisfy { $0.isWhole }, "seed \(seed)")
            _ = lane.next { command, _ in command.sequence }
        }
    }
}
