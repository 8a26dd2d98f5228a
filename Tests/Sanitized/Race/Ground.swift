import Rings
import SharedMemory

/// A segment whose reading sections lie at the same addresses as the writing ones: the sanitizer tells places
/// by their address and would not see a race between two mappings of one page.
struct Ground {
    let segment: Segment

    init(_ sections: [SectionPlan]) throws {
        segment = try Segment.anonymous(SegmentPlan(kind: .core, name: "race", sections: sections))
    }

    func section(_ kind: SectionKind) -> WritableSection {
        guard let section = segment.section(kind) else { fatalError("planned above") }
        return section
    }
}
