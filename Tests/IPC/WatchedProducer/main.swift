import CWitness
import Glibc
import Rings
import SharedMemory

// A program that writes a million observations while every system call would end it and whatever is asked of
// malloc and of pthreads is counted:
//   WatchedProducer DIRECTORY PLANTED    owns core.segment there; PLANTED is one of the cases below
// It ends with the sum of 1 (it allocated) and 2 (it took a lock), or with 77 where it can't be watched.

/// What it does beside, so that the watch can be seen to find it.
enum Planted: String {
    case nothing, allocation, lock, call
}

/// Not inlined and its result looked at: else the optimizer leaves the allocation out.
@inline(never) func allocated(_ index: UInt64) -> [UInt64] { [index] }

func plant(_ planted: Planted, _ index: UInt64) {
    switch planted {
    case .nothing: break
    case .allocation: precondition(allocated(index).first == index)
    case .lock: cwitness_take_lock()
    case .call: cwitness_call_system()
    }
}

/// Calls without bytes, short ones, and some that are longer than the ring takes.
func append(_ count: UInt64, to log: inout ObservationLog, from bytes: Span<UInt8>, _ planted: Planted) {
    var state: UInt64 = 1
    var index: UInt64 = 0
    // An unoptimized `for` over a range allocates.
    while index < count {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let draw = Int(truncatingIfNeeded: state >> 40)
        let params = draw % 8 == 0 ? 0 : draw % 256
        let result = draw % 512 == 1 ? bytes.count : draw % 301
        var record = ObservationRecord()
        record.callID = index
        log.append(record, params: bytes.extracting(first: params), result: bytes.extracting(first: result))
        if draw % 16 == 3 { log.flush() }
        if index % 1000 == 999 { plant(planted, index) }
        index += 1
    }
    log.flush()
}

func observe(_ directory: String, _ planted: Planted) throws -> Int32 {
    let segment = try Segment.file(
        SegmentPlan(
            kind: .core, name: "core",
            sections: [
                .observationRing(loop: 0, within: 256 + 256 * 128),
                .payloadRing(loop: 0, within: 256 + (32 << 10)),
            ], recordDescription: ObservationRecord.fieldDescription), in: directory)
    guard let ring = segment.section(.observationRing), let payloads = segment.section(.payloadRing)
    else { return 64 }
    var log = try ObservationLog(ring: ring, payloads: payloads)
    try segment.goLive()
    let bytes = [UInt8](repeating: 0x5A, count: 6000)
    // What is looked up or bound once, when it is first used, is no part of the producer.
    append(1000, to: &log, from: bytes.span, planted)
    guard cwitness_begin() == 0 else { return 77 }
    append(planted == .nothing ? 1_000_000 : 10_000, to: &log, from: bytes.span, planted)
    cwitness_exit((cwitness_allocations() > 0 ? 1 : 0) + (cwitness_locks() > 0 ? 2 : 0))
}

guard CommandLine.arguments.count == 3, let planted = Planted(rawValue: CommandLine.arguments[2])
else { exit(64) }
exit(try observe(CommandLine.arguments[1], planted))
