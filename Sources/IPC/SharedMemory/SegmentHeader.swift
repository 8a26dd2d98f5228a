/// What a segment's header page said when it was read, checked against the size of its file.
///
/// It is made from a private copy of the page: nobody can change it between the check and the use.
public struct SegmentHeader: Sendable {
    public let version: UInt32
    public let kind: SegmentKind
    public let name: String
    public let bytes: UInt64
    /// Nanoseconds since 1970 when the owner made it; a restarted owner makes another.
    public let generation: UInt64
    public let boot: BootIdentity
    public let owner: ProcessIdentity
    public let sections: [SectionDescriptor]
    /// "name:format:offset," for each field of an observation record; empty without one.
    public let recordDescription: String

    /// - Parameters:
    ///   - page: the first `SegmentLayout.pageBytes` bytes.
    ///   - fileBytes: the size of the file or mapping that the page begins.
    public init(page: [UInt8], fileBytes: UInt64) throws(SegmentError) {
        typealias Offset = SegmentLayout.Offset
        guard page.count >= SegmentLayout.pageBytes, fileBytes >= UInt64(SegmentLayout.pageBytes)
        else { throw .tooSmall(bytes: min(UInt64(page.count), fileBytes)) }
        guard page[..<8].elementsEqual(SegmentLayout.magic) else { throw .wrongMagic }
        version = page.integer(Offset.version)
        guard SegmentLayout.supportedVersions.contains(version)
        else { throw .unsupportedVersion(found: version, supported: SegmentLayout.supportedVersions) }
        if version >= 2 {
            let page = page.count == SegmentLayout.pageBytes ? page : Array(page[..<SegmentLayout.pageBytes])
            guard page.integer(Offset.checksum) == SegmentLayout.checksum(page) else { throw .damagedHeader }
        }
        let kindNumber: UInt32 = page.integer(Offset.kind)
        guard let kind = SegmentKind(rawValue: kindNumber) else { throw .unknownKind(kindNumber) }
        self.kind = kind
        bytes = page.integer(Offset.bytes)
        guard bytes == fileBytes else { throw .wrongSize(header: bytes, file: fileBytes) }
        generation = page.integer(Offset.generation)
        boot = BootIdentity(first: page.integer(Offset.boot), second: page.integer(Offset.boot + 8))
        owner = ProcessIdentity(
            processID: page.integer(Offset.ownerProcess), startTicks: page.integer(Offset.ownerStart))
        name = page.text(Offset.name, SegmentLayout.nameBytes) ?? ""
        guard SegmentLayout.isName(name) else { throw .malformedName }
        guard let description = page.text(Offset.description, SegmentLayout.descriptionBytes)
        else { throw .malformedRecordDescription }
        recordDescription = description
        sections = try Self.directory(page, bytes)
    }

    private static func directory(
        _ page: [UInt8], _ segmentBytes: UInt64
    ) throws(SegmentError) -> [SectionDescriptor] {
        let count: UInt32 = page.integer(SegmentLayout.Offset.sectionCount)
        guard count <= SegmentLayout.maximumSections else { throw .tooManySections(count) }
        let entryBytes: UInt32 = page.integer(SegmentLayout.Offset.entryBytes)
        guard entryBytes == SectionDescriptor.entryBytes else { throw .wrongEntrySize(entryBytes) }
        var sections: [SectionDescriptor] = []
        for index in 0..<Int(count) {
            let section = try entry(page, index)
            guard section.offset.isMultiple(of: UInt64(SegmentLayout.pageBytes))
            else { throw .sectionMisaligned(section: index, offset: section.offset) }
            guard section.offset >= SegmentLayout.pageBytes, section.offset < segmentBytes,
                section.plan.bytes > 0, section.plan.bytes <= segmentBytes - section.offset
            else {
                throw .sectionOutOfBounds(
                    section: index, offset: section.offset, bytes: section.plan.bytes)
            }
            for (other, earlier) in sections.enumerated() {
                guard section.offset >= earlier.end || earlier.offset >= section.end
                else { throw .sectionsOverlap(first: other, second: index) }
                guard (earlier.plan.kind, earlier.plan.index) != (section.plan.kind, section.plan.index)
                else { throw .sectionRepeated(first: other, second: index) }
            }
            sections.append(section)
        }
        return sections
    }

    private static func entry(_ page: [UInt8], _ index: Int) throws(SegmentError) -> SectionDescriptor {
        let start = SegmentLayout.Offset.directory + index * SectionDescriptor.entryBytes
        let kindNumber: UInt32 = page.integer(start)
        guard let kind = SectionKind(rawValue: kindNumber)
        else { throw .unknownSectionKind(section: index, kind: kindNumber) }
        return SectionDescriptor(
            plan: SectionPlan(
                kind: kind, index: page.integer(start + 4), bytes: page.integer(start + 16),
                recordBytes: page.integer(start + 24), capacity: page.integer(start + 32)),
            offset: page.integer(start + 8))
    }

    /// The page that reads back as a segment of this plan; its state is `building`.
    static func page(
        _ plan: SegmentPlan, generation: UInt64, boot: BootIdentity, owner: ProcessIdentity
    ) -> [UInt8] {
        typealias Offset = SegmentLayout.Offset
        var page = [UInt8](repeating: 0, count: SegmentLayout.pageBytes)
        page.put(SegmentLayout.magic, Offset.magic)
        page.put(SegmentLayout.version, Offset.version)
        page.put(plan.kind.rawValue, Offset.kind)
        page.put(plan.bytes, Offset.bytes)
        page.put(generation, Offset.generation)
        page.put(boot.words.first, Offset.boot)
        page.put(boot.words.second, Offset.boot + 8)
        page.put(owner.processID, Offset.ownerProcess)
        page.put(owner.startTicks, Offset.ownerStart)
        page.put(UInt32(plan.sections.count), Offset.sectionCount)
        page.put(UInt32(SectionDescriptor.entryBytes), Offset.entryBytes)
        page.put(Array(plan.name.utf8), Offset.name)
        page.put(Array(plan.recordDescription.utf8), Offset.description)
        for (index, section) in plan.sections.enumerated() {
            let start = Offset.directory + index * SectionDescriptor.entryBytes
            page.put(section.plan.kind.rawValue, start)
            page.put(section.plan.index, start + 4)
            page.put(section.offset, start + 8)
            page.put(section.plan.bytes, start + 16)
            page.put(section.plan.recordBytes, start + 24)
            page.put(section.plan.capacity, start + 32)
        }
        page.put(SegmentLayout.checksum(page), Offset.checksum)
        return page
    }
}
