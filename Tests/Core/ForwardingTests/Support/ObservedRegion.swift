import Rings
import Sessions
import SharedMemory
import Synchronization

@testable import Forwarding

/// A segment of shared memory with rings for the loops of a rig, and a reader of it.
final class ObservedRegion: @unchecked Sendable {
    // Proof of Sendable: as its world; the names stand behind a lock.
    private let segment: Segment
    private let texts = Mutex<[(kind: ObservedNames.Kind, text: String)]>([])
    private var readers: [ObservationRingReader] = []
    private var payloadReaders: [PayloadRingReader] = []

    init(loops: Int = 2, records: UInt64 = 1024, payloadBytes: UInt64 = 4 << 20) throws {
        var sections: [SectionPlan] = []
        for loop in 0..<UInt32(loops) {
            sections.append(.observationRing(loop: loop, within: records * 128 + 256))
            sections.append(.payloadRing(loop: loop, within: payloadBytes + 256))
        }
        segment = try .anonymous(SegmentPlan(kind: .core, name: "core", sections: sections))
        try segment.goLive()
        for loop in 0..<UInt32(loops) {
            readers.append(try ObservationRingReader(try section(.observationRing, loop).reading, from: .end))
            payloadReaders.append(try PayloadRingReader(try section(.payloadRing, loop).reading))
        }
    }

    private enum Fault: Error { case noSection }

    private func section(_ kind: SectionKind, _ loop: UInt32) throws -> WritableSection {
        guard let section = segment.section(kind, loop) else { throw Fault.noSection }
        return section
    }

    func observation(of loops: [any Loop]) -> GatewayObservation? {
        let names = ObservedNames { kind, text in
            self.texts.withLock { texts in
                if let known = texts.firstIndex(where: { $0.kind == kind && $0.text == text }) {
                    return UInt32(known + 1)
                }
                texts.append((kind, text))
                return UInt32(texts.count)
            }
        }
        let observers = try? loops.map { loop in
            let index = UInt32(loop.index)
            return try CallObserver(
                section(.observationRing, index), section(.payloadRing, index), names: names, on: loop)
        }
        return observers.map { GatewayObservation(names: names, observers: $0) }
    }

    /// The text of an id; empty for 0.
    func name(_ id: UInt32) -> String { id == 0 ? "" : texts.withLock { $0[Int(id) - 1].text } }
    func kind(_ id: UInt32) -> ObservedNames.Kind? { id == 0 ? nil : texts.withLock { $0[Int(id) - 1].kind } }
    var nameCount: Int { texts.withLock { $0.count } }

    /// The records that have come since the last time, loop by loop.
    func read() throws -> [ObservationRecord] {
        var records: [ObservationRecord] = []
        for index in readers.indices { try readers[index].read(limit: 4096, into: &records) }
        return records
    }

    /// The params and the result that a record points to.
    func payload(_ record: ObservationRecord) -> (params: [UInt8], result: [UInt8])? {
        payloadReaders[Int(record.loop)].payload(of: record).map { ($0.params, $0.result) }
    }
}
