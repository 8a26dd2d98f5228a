import Foundation
import Rings
import SharedMemory
import TestSupport
import Testing

/// A small segment whose every byte is known, for readers in any language: `Tests/IPC/Golden` has its bytes,
/// and as JSON what a reader finds in them.
struct GoldenSegment {
    static let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appending(path: "Golden")
    static let generation: UInt64 = 1_700_000_000_000_000_000
    static let boot = (0..<16).map { UInt8($0 * 17) }
    static let owner = ProcessIdentity(processID: 4242, startTicks: 987_654_321)
    static let heartbeat: UInt64 = 123_456_789_000
    static let moved: UInt64 = 123_000_000_000

    var bytes: [UInt8] = []
    /// What a reader finds, as the JSON file says it.
    var contents: [String: Any] = [:]

    init() throws {
        let plan = try SegmentPlan(
            kind: .core, name: "core",
            sections: [
                .observationRing(loop: 0, within: 256 + 16 * 128), .payloadRing(loop: 0, within: 256 + 4096),
                .commandRing(lane: 0, within: 256 + 4096), .commandRing(lane: 2, within: 256 + 4096),
                .cursors(),
            ], recordDescription: ObservationRecord.fieldDescription)
        let segment = try RingSegment(plan)
        let (records, payloads) = try Self.observe(segment)
        let lanes = try Self.command(segment)
        contents = [
            "name": "core", "kind": 1, "layout_version": 2, "bytes": plan.bytes,
            "generation": Self.generation,
            "boot_id": Self.boot.hex,
            "owner": ["pid": Self.owner.processID, "start_ticks": Self.owner.startTicks],
            "heartbeat": Self.heartbeat, "state": 1,
            "record_description": ObservationRecord.fieldDescription,
            "sections": plan.sections.map { section in
                [
                    "kind": UInt64(section.plan.kind.rawValue), "index": UInt64(section.plan.index),
                    "offset": section.offset, "bytes": section.plan.bytes,
                    "record_bytes": section.plan.recordBytes, "capacity": section.plan.capacity,
                ]
            },
            "observations": ["published": 21, "lost_from_the_beginning": 5, "records": records],
            "payloads": payloads, "lanes": lanes,
            "cursors": [
                [
                    "stream": 1 << 32 | 3, "generation": Self.generation, "position": 77, "lost": 5,
                    "moved": Self.moved,
                ],
                [
                    "stream": 3 << 32, "generation": Self.generation, "position": 3712, "lost": 0,
                    "moved": Self.moved,
                ],
            ],
        ]
        try copy(segment, plan)
    }

    /// 21 records in a ring of 16, most with payloads; returns those that are left, as JSON.
    private static func observe(_ segment: RingSegment) throws -> (records: [[String: Any]], payloads: [Any])
    {
        var log = try ObservationLog(
            ring: segment.writable(.observationRing), payloads: segment.writable(.payloadRing))
        var generator = SeededGenerator(seed: 0x41_5454_554E)
        var payloads: [(params: [UInt8], result: [UInt8])] = []
        for index in 0..<21 {
            let params = generator.bytes(index % 4 == 3 ? 0 : 10 + index * 7)
            let result = generator.bytes(index % 5 == 4 ? 600 : index * 3)
            log.append(.random(&generator), params: params.span, result: result.span)
            payloads.append((params, result))
        }
        log.flush()
        var reader = try ObservationRingReader(segment.section(.observationRing), from: .beginning)
        var read: [ObservationRecord] = []
        while try reader.read(limit: 100, into: &read) > 0 {}
        let ring = try PayloadRingReader(segment.section(.payloadRing))
        let found = read.map { Self.json(ring.payload(of: $0)) }
        return (read.map(\.json), found)
    }

    /// Null stands for a payload that is not there.
    static func json(_ payload: Payload?) -> Any {
        guard let payload else { return NSNull() }
        return ["params": payload.params.hex, "result": payload.result.hex]
    }

    /// Lane 0 has come round once, over a filler; lane 2 has not.
    private static func command(_ segment: RingSegment) throws -> [[String: Any]] {
        var table = try CursorTable(segment.writable(.cursors))
        try table.take(.observations(loop: 3), generation: segment.owner.generation).advance(to: 77, lost: 5)
        let cursor = try table.take(.commands(lane: 0), generation: segment.owner.generation)
        var urgent = try CommandRingWriter(segment.writable(.commandRing, 0))
        urgent.reader = try CursorView(segment.section(.cursors))
        var background = try CommandRingWriter(segment.writable(.commandRing, 2))
        var generator = SeededGenerator(seed: 99)
        for _ in 0..<4 { _ = urgent.put(kind: 3, generator.bytes(900).span) }
        cursor.advance(to: urgent.unread)
        let last = generator.bytes(901)
        #expect(urgent.put(kind: 16, last.span) == .queued(sequence: 5))
        let bodies = [Array(#"{"task":"latency","value":"é"}"#.utf8), [], generator.bytes(7)]
        for (index, body) in bodies.enumerated() { _ = background.put(kind: UInt16(index + 1), body.span) }
        return [
            [
                "lane": 0, "start": 3712, "published": 5024, "consumed": 3712,
                "commands": [["kind": 16, "sequence": 5, "body": last.hex]],
            ],
            [
                "lane": 2, "start": 0, "published": 112, "consumed": 0,
                "commands": bodies.indices.map {
                    ["kind": $0 + 1, "sequence": $0 + 1, "body": bodies[$0].hex]
                },
            ],
        ]
    }

    /// The segment's bytes, with what differs from run to run replaced.
    private mutating func copy(_ segment: RingSegment, _ plan: SegmentPlan) throws {
        let file = FileHandle(
            fileDescriptor: dup(segment.owner.descriptor), closeOnDealloc: true)
        try file.seek(toOffset: 0)
        bytes = Array(try #require(try file.readToEnd()))
        put(Self.generation, 24)
        bytes.replaceSubrange(32..<48, with: Self.boot)
        put(Self.owner.processID, 48)
        put(Self.owner.startTicks, 56)
        put(Self.heartbeat, 72)
        put(SegmentLayout.checksum(Array(bytes[..<SegmentLayout.pageBytes])), 88)
        let cursors = Int(try #require(plan.sections.last).offset)
        for entry in 0..<2 {
            put(Self.generation, cursors + entry * 64 + 8)
            put(Self.moved, cursors + entry * 64 + 32)
        }
    }

    private mutating func put(_ value: UInt64, _ offset: Int) {
        for index in 0..<8 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(index * 8)) }
    }
}

extension [UInt8] {
    var hex: String {
        map { byte in
            let digits = String(byte, radix: 16)
            return digits.count < 2 ? "0" + digits : digits
        }.joined()
    }
}

extension ObservationRecord {
    var json: [String: Any] {
        [
            "sequence": sequence, "time_us": startMicroseconds, "call_id": callID, "session": session,
            "principal": principal, "server": server, "tool": tool, "method": method, "era": era,
            "outcome": outcome, "flags": flags.rawValue, "error_code": errorCode,
            "queue_us": queueMicroseconds,
            "upstream_us": upstreamMicroseconds, "duration_us": durationMicroseconds,
            "request_bytes": requestBytes, "result_bytes": resultBytes, "argument_hash": argumentHash,
            "result_hash": resultHash, "advice_version": adviceVersion, "advice_reason": adviceReason,
            "loop": loop, "payload_position": payloadPosition, "params_bytes": paramsBytes,
            "payload_result_bytes": payloadResultBytes, "checksum": checksum,
        ]
    }
}
