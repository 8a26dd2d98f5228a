/// Why a segment was not made or not attached.
public enum SegmentError: Error, Equatable, Sendable {
    /// What a plan asks for that a segment can't have.
    public enum PlanFault: Equatable, Sendable {
        case name
        case sectionCount(Int)
        case recordDescription
        case sectionBytes(index: Int, bytes: UInt64)
    }

    /// A call to the system that failed.
    public enum Call: String, Sendable {
        case create, reserve, map, seal, open, describe, rename
        case makeDirectory = "make a directory for"
        case readProcess = "tell from /proc who makes"
    }

    case plan(PlanFault)
    case system(Call, code: Int32)
    case notAFile
    /// Another user could change it.
    case notPrivate(user: UInt32, mode: UInt32)
    /// Its owner could shrink it under its readers.
    case notSealed
    case tooSmall(bytes: UInt64)
    case wrongMagic
    case unsupportedVersion(found: UInt32, supported: [UInt32])
    /// Its checksum is not that of its bytes.
    case damagedHeader
    case unknownKind(UInt32)
    case wrongSize(header: UInt64, file: UInt64)
    case notLive(state: UInt64)
    case malformedName
    case malformedRecordDescription
    case tooManySections(UInt32)
    case wrongEntrySize(UInt32)
    case unknownSectionKind(section: Int, kind: UInt32)
    case sectionOutOfBounds(section: Int, offset: UInt64, bytes: UInt64)
    case sectionMisaligned(section: Int, offset: UInt64)
    case sectionsOverlap(first: Int, second: Int)
    /// Two sections of one kind and index.
    case sectionRepeated(first: Int, second: Int)
}
