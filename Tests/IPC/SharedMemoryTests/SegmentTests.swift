import Glibc
import SharedMemory
import Testing

@Suite("Segments") struct SegmentTests {
    static func plan(_ name: String = "core") throws -> SegmentPlan {
        try SegmentPlan(
            kind: .core, name: name,
            sections: [
                SectionPlan(
                    kind: .observationRing, index: 0, bytes: 256 + 128 * 8, recordBytes: 128, capacity: 8),
                SectionPlan(kind: .observationRing, index: 1, bytes: 5000, recordBytes: 128, capacity: 8),
                SectionPlan(kind: .cursors, index: 0, bytes: 4096, recordBytes: 64, capacity: 64),
            ], recordDescription: "sequence:<u8:0,")
    }

    @Test("An attached anonymous segment shows what its owner planned and wrote") func anonymous() throws {
        let segment = try Segment.anonymous(Self.plan())
        let section = try #require(segment.section(.observationRing, 1))
        // Proof: 4992 lies in the section's 5000 bytes.
        unsafe section.base.word(at: 4992).storeReleasing(42)
        try segment.goLive()
        let attached = try AttachedSegment.anonymous(dup(segment.descriptor))
        #expect(attached.header.sections == segment.plan.sections)
        #expect(attached.header.sections.map(\.offset) == [4096, 8192, 16384])
        #expect(attached.bytes == 20480)
        #expect(attached.header.name == "core")
        #expect(attached.header.kind == .core)
        #expect(attached.header.generation == segment.generation)
        #expect(attached.header.owner == ProcessIdentity.current())
        #expect(attached.header.boot == BootIdentity.current())
        #expect(attached.header.owner.isRunning)
        #expect(attached.header.recordDescription == "sequence:<u8:0,")
        #expect(attached.state == .live)
        #expect(attached.heartbeat <= SharedClock.monotonicNanoseconds())
        let found = try #require(attached.section(.observationRing, 1))
        // Proof: 4992 lies in the section's 5000 bytes.
        #expect(unsafe found.base.word(at: 4992).loadAcquiring() == 42)
        #expect(attached.section(.stateTable) == nil)
        segment.retire()
        #expect(attached.state == .retired)
    }
}
