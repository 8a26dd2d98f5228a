import Testing

@testable import SharedMemory

@Suite("Segment headers") struct SegmentHeaderTests {
    static func page() throws -> (page: [UInt8], bytes: UInt64) {
        let plan = try SegmentTests.plan()
        let page = SegmentHeader.page(
            plan, generation: 7, boot: BootIdentity(first: 1, second: 2),
            owner: ProcessIdentity(processID: 3, startTicks: 4))
        return (page, plan.bytes)
    }

    static func put(_ value: UInt64, _ bytes: Int, _ offset: Int, _ page: inout [UInt8]) {
        for index in 0..<bytes {
            page[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(index * 8))
        }
    }

    /// What is put where, and the error that says so.
    static let refusals: [(value: UInt64, bytes: Int, offset: Int, error: SegmentError)] = [
        (0, 1, 0, .wrongMagic), (0xFF, 1, 7, .wrongMagic),
        (9, 4, 8, .unsupportedVersion(found: 9, supported: SegmentLayout.supportedVersions)),
        (0, 4, 8, .unsupportedVersion(found: 0, supported: SegmentLayout.supportedVersions)),
        (4, 4, 12, .unknownKind(4)), (4096, 8, 16, .wrongSize(header: 4096, file: 20480)),
        (UInt64.max, 8, 16, .wrongSize(header: UInt64.max, file: 20480)),
        (65, 4, 64, .tooManySections(65)), (0xFFFF_FFFF, 4, 64, .tooManySections(0xFFFF_FFFF)),
        (47, 4, 68, .wrongEntrySize(47)), (0x41, 1, 96, .malformedName), (0, 1, 96, .malformedName),
        (0x1F, 1, 3200, .malformedRecordDescription), (6, 4, 128, .unknownSectionKind(section: 0, kind: 6)),
        (4097, 8, 136, .sectionMisaligned(section: 0, offset: 4097)),
        (0, 8, 136, .sectionOutOfBounds(section: 0, offset: 0, bytes: 1280)),
        (20480, 8, 136, .sectionOutOfBounds(section: 0, offset: 20480, bytes: 1280)),
        (UInt64.max - 4095, 8, 136, .sectionOutOfBounds(section: 0, offset: UInt64.max - 4095, bytes: 1280)),
        (0, 8, 144, .sectionOutOfBounds(section: 0, offset: 4096, bytes: 0)),
        (16385, 8, 144, .sectionOutOfBounds(section: 0, offset: 4096, bytes: 16385)),
        (UInt64.max, 8, 144, .sectionOutOfBounds(section: 0, offset: 4096, bytes: UInt64.max)),
        (4097, 8, 144, .sectionsOverlap(first: 0, second: 1)),
        (1, 4, 132, .sectionRepeated(first: 0, second: 1)),
    ]

    @Test(
        "Each field that can't be true is refused with an error that names it", arguments: 0..<refusals.count)
    func refused(index: Int) throws {
        let refusal = Self.refusals[index]
        var (page, bytes) = try Self.page()
        Self.put(refusal.value, refusal.bytes, refusal.offset, &page)
        Self.put(SegmentLayout.checksum(page), 8, 88, &page)
        #expect(throws: refusal.error) { try SegmentHeader(page: page, fileBytes: bytes) }
        #expect("\(refusal.error)".contains(" "))
    }

    @Test("Damage to any byte that does not change is noticed, and what changes is not taken for damage")
    func damaged() throws {
        let (page, bytes) = try Self.page()
        for offset in page.indices {
            var damaged = page
            damaged[offset] ^= 0x10
            let isChanging = (72..<88).contains(offset)
            let error: SegmentError? =
                switch offset {
                case 0..<8: .wrongMagic
                case 8..<12:
                    .unsupportedVersion(
                        found: 2 ^ 0x10 << UInt32((offset - 8) * 8),
                        supported: SegmentLayout.supportedVersions)
                default: isChanging ? nil : .damagedHeader
                }
            var found: SegmentError?
            do throws(SegmentError) { _ = try SegmentHeader(page: damaged, fileBytes: bytes) } catch {
                found = error
            }
            #expect(found == error, "byte \(offset)")
        }
    }

    @Test("A page of version 1 has no checksum, and is read") func versionOne() throws {
        var (page, bytes) = try Self.page()
        Self.put(1, 4, 8, &page)
        Self.put(0, 8, 88, &page)
        let header = try SegmentHeader(page: page, fileBytes: bytes)
        #expect(header.version == 1)
        #expect(header.sections == (try SegmentTests.plan()).sections)
    }

    @Test("A page that is not changed is read as it was planned") func whole() throws {
        let (page, bytes) = try Self.page()
        let header = try SegmentHeader(page: page, fileBytes: bytes)
        #expect(header.sections == (try SegmentTests.plan()).sections)
        #expect(throws: SegmentError.wrongSize(header: bytes, file: bytes + 4096)) {
            try SegmentHeader(page: page, fileBytes: bytes + 4096)
        }
        #expect(throws: SegmentError.tooSmall(bytes: 100)) {
            try SegmentHeader(page: Array(page[..<100]), fileBytes: bytes)
        }
    }

    @Test("A plan that no header can hold is refused") func plans() {
        let section = SectionPlan(kind: .cursors, index: 0, bytes: 4096, recordBytes: 64, capacity: 64)
        #expect(throws: SegmentError.plan(.sectionCount(65))) {
            try SegmentPlan(kind: .core, name: "core", sections: Array(repeating: section, count: 65))
        }
        for name in ["", "Core", "a/b", String(repeating: "a", count: 32)] {
            #expect(throws: SegmentError.plan(.name)) {
                try SegmentPlan(kind: .core, name: name, sections: [])
            }
        }
        #expect(throws: SegmentError.plan(.recordDescription)) {
            try SegmentPlan(
                kind: .core, name: "core", sections: [],
                recordDescription: String(repeating: "a", count: 896))
        }
        for bytes in [0, 1 << 40, UInt64.max] {
            var wrong = section
            wrong.bytes = bytes
            #expect(throws: SegmentError.plan(.sectionBytes(index: 1, bytes: bytes))) {
                try SegmentPlan(kind: .core, name: "core", sections: [section, wrong])
            }
        }
    }

}
