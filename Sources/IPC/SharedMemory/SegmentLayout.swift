/// The header page of a segment; all integers are little-endian.
///
/// | offset | type | field |
/// |---|---|---|
/// | 0 | 8 bytes | magic "ATTUNESG" |
/// | 8 | u32 | layout version |
/// | 12 | u32 | kind: 1 core, 2 learner, 3 worker |
/// | 16 | u64 | bytes of the segment |
/// | 24 | u64 | generation: nanoseconds since 1970 at its creation |
/// | 32 | 16 bytes | boot id |
/// | 48 | u64 | owner's process id |
/// | 56 | u64 | owner's start time: clock ticks, field 22 of /proc/PID/stat |
/// | 64 | u32 | number of sections, at most 64 |
/// | 68 | u32 | bytes of a directory entry: 48 |
/// | 72 | u64 | heartbeat: nanoseconds of CLOCK_MONOTONIC, stored by the owner at least once a second |
/// | 80 | u64 | state: 0 building, 1 live, 2 retired |
/// | 96 | 32 bytes | name: ASCII, padded with zeros |
/// | 128 | 48 bytes each | directory (`SectionDescriptor`) |
/// | 3200 | 896 bytes | description of an observation record, ASCII, closed by a zero |
public enum SegmentLayout {
    public static let pageBytes = 4096
    /// What this program writes.
    public static let version: UInt32 = 1
    /// What it reads.
    public static let supportedVersions: [UInt32] = [1]
    public static let maximumSections = 64
    /// Of a whole segment: 1 TiB.
    public static let maximumBytes: UInt64 = 1 << 40
    public static let nameBytes = 32
    public static let descriptionBytes = 896
    static let magic: [UInt8] = Array("ATTUNESG".utf8)

    enum Offset {
        static let magic = 0
        static let version = 8
        static let kind = 12
        static let bytes = 16
        static let generation = 24
        static let boot = 32
        static let ownerProcess = 48
        static let ownerStart = 56
        static let sectionCount = 64
        static let entryBytes = 68
        static let heartbeat = 72
        static let state = 80
        static let name = 96
        static let directory = 128
        static let description = 3200
    }

    /// The next multiple of a page's size; `bytes` is at most `maximumBytes`.
    public static func roundedUp(_ bytes: UInt64) -> UInt64 {
        let page = UInt64(pageBytes)
        return (bytes + page - 1) / page * page
    }

    /// True for 1 to 31 letters of `[a-z0-9-]`.
    public static func isName(_ name: String) -> Bool {
        (1..<nameBytes) ~= name.utf8.count
            && name.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")) ~= $0 || (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= $0
                    || $0 == UInt8(ascii: "-")
            }
    }
}
