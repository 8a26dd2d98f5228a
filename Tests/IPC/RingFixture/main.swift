import Glibc
import Rings
import SharedMemory

// A program that stands for one side of the rings in tests that must kill or stop a whole process:
//   RingFixture observe DIRECTORY    owns core.segment there and writes observations until it is killed
//   RingFixture command DIRECTORY    owns learner.segment there, and writes commands to core.segment's owner
//   RingFixture read DIRECTORY       reads core.segment until it is retired, and tells the accounts
// Each ends when the process that started it has ended, which may have been killed too.

/// A later parent is the one that takes orphans.
let parent = getppid()

func hasParent() -> Bool { getppid() == parent }

func say(_ line: String) {
    print(line)
    fflush(nil)
}

func observe(_ directory: String) throws {
    let segment = try Segment.file(
        SegmentPlan(
            kind: .core, name: "core",
            sections: [
                .observationRing(loop: 0, within: 256 + 256 * 128),
                .payloadRing(loop: 0, within: 256 + (32 << 10)), .cursors(),
            ], recordDescription: ObservationRecord.fieldDescription), in: directory)
    guard let ring = segment.section(.observationRing), let payloads = segment.section(.payloadRing)
    else { exit(1) }
    var log = try ObservationLog(ring: ring, payloads: payloads)
    try segment.goLive()
    say("live")
    var generator = SystemRandomNumberGenerator()
    let bytes = [UInt8]((0..<2000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    while hasParent() {
        for _ in 0..<Int.random(in: 1...100, using: &generator) {
            let start = Int.random(in: 0..<1000, using: &generator)
            let cut = Int.random(in: start...2000, using: &generator)
            var record = ObservationRecord()
            record.callID = generator.next()
            record.durationMicroseconds = UInt32(start)
            log.append(
                record, params: bytes.span.extracting(start..<cut), result: bytes.span.extracting(cut..<2000))
        }
        log.flush()
        segment.heartbeat()
    }
}

func command(_ directory: String) throws {
    let segment = try Segment.file(
        SegmentPlan(
            kind: .learner, name: "learner",
            sections: (0..<3).map { .commandRing(lane: $0, within: 256 + 8192) } + [.cursors()]),
        in: directory)
    let reader = try AttachedSegment.file("\(directory)/core.segment")
    guard let cursors = reader.section(.cursors), let first = segment.section(.commandRing, 0),
        let second = segment.section(.commandRing, 1)
    else { exit(1) }
    var urgent = try CommandRingWriter(first)
    urgent.reader = try CursorView(cursors)
    var normal = try CommandRingWriter(second)
    normal.reader = try CursorView(cursors)
    try segment.goLive()
    say("live")
    let bytes = [UInt8](repeating: 0x5A, count: 2048)
    while hasParent() {
        let body = bytes.span.extracting(first: Int.random(in: 0...2048))
        if Bool.random() { _ = urgent.put(kind: 1, body) } else { _ = normal.put(kind: 2, body) }
    }
}

func read(_ directory: String) throws {
    let segment = try AttachedSegment.file("\(directory)/core.segment")
    guard let section = segment.section(.observationRing) else { exit(1) }
    var reader = try ObservationRingReader(section, from: .beginning)
    var records: [ObservationRecord] = []
    var got: UInt64 = 0
    say("reading")
    while hasParent() {
        let isLast = segment.state == .retired
        records.removeAll(keepingCapacity: true)
        let isFirst = got == 0
        got += UInt64(try reader.read(limit: 64, into: &records))
        if isFirst, got > 0 { say("has read") }
        if records.isEmpty {
            if isLast { break }
            usleep(100)
        }
    }
    say("\(got) \(reader.lost) \(reader.damaged) \(reader.position)")
}

signal(SIGPIPE, SIG_DFL)
let arguments = CommandLine.arguments
guard arguments.count == 3 else { exit(2) }
do {
    switch arguments[1] {
    case "observe": try observe(arguments[2])
    case "command": try command(arguments[2])
    case "read": try read(arguments[2])
    default: exit(2)
    }
} catch {
    say("failed: \(error)")
    exit(1)
}
