/// An entry of a segment's directory: a planned section with its place.
///
/// | offset | type | field |
/// |---|---|---|
/// | 0 | u32 | kind, a raw value of `SectionKind` |
/// | 4 | u32 | index: loop or lane |
/// | 8 | u64 | offset in the segment, divisible by 4096 |
/// | 16 | u64 | bytes |
/// | 24 | u64 | bytes of a record |
/// | 32 | u64 | capacity in records, bytes or slots |
/// | 40 | u64 | zero |
public struct SectionDescriptor: Sendable, Hashable {
    public static let entryBytes = 48

    public let plan: SectionPlan
    public let offset: UInt64

    public init(plan: SectionPlan, offset: UInt64) {
        self.plan = plan
        self.offset = offset
    }

    /// Where the section ends; valid descriptors do not overflow here.
    public var end: UInt64 { offset &+ plan.bytes }
}
