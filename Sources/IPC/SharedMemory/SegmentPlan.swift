/// The layout of a segment to be made: its sections behind one header page, each on a page boundary.
public struct SegmentPlan: Sendable {
    public let kind: SegmentKind
    /// 1 to 31 letters of `[a-z0-9-]`: "core", "learner", or a worker's name.
    public let name: String
    public let sections: [SectionDescriptor]
    /// "name:format:offset," for each field of an observation record, in NumPy's format codes; empty without
    /// one.
    public let recordDescription: String
    /// Of the whole segment, the header included.
    public let bytes: UInt64

    /// - Throws: `SegmentError.plan` if the header page has no room for it or a size is unusable.
    public init(
        kind: SegmentKind, name: String, sections: [SectionPlan], recordDescription: String = ""
    ) throws(SegmentError) {
        guard SegmentLayout.isName(name) else { throw .plan(.name) }
        guard sections.count <= SegmentLayout.maximumSections else {
            throw .plan(.sectionCount(sections.count))
        }
        let description = recordDescription.utf8
        guard description.count < SegmentLayout.descriptionBytes, description.allSatisfy({ (32..<127) ~= $0 })
        else { throw .plan(.recordDescription) }
        var end = UInt64(SegmentLayout.pageBytes)
        var placed: [SectionDescriptor] = []
        for (index, section) in sections.enumerated() {
            guard section.bytes > 0, section.bytes <= SegmentLayout.maximumBytes - end
            else { throw .plan(.sectionBytes(index: index, bytes: section.bytes)) }
            placed.append(SectionDescriptor(plan: section, offset: end))
            end = SegmentLayout.roundedUp(end + section.bytes)
        }
        self.kind = kind
        self.name = name
        self.sections = placed
        self.recordDescription = recordDescription
        bytes = end
    }
}
