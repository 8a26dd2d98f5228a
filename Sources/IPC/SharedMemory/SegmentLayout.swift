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
/// | 88 | u64 | version 2: XXH64 of this page with bytes 72 to 95 taken as zeros; version 1: zero |
/// | 96 | 32 bytes | name: ASCII, padded with zeros |
/// | 128 | 48 bytes each | directory (`SectionDescriptor`) |
/// | 3200 | 896 bytes | description of an observation record, ASCII, closed by a zero |
///
/// Version 2 differs from version 1 in that checksum, by which damage to any byte of the page is noticed, and
/// in that a command ring's head tells what was read (`CommandLayout`). Both are read, the latter is written.
public enum SegmentLayout {
    public static let pageBytes = 4096
    /// What this program writes.
    public static let version: UInt32 = 2
    /// What it reads.
    public static let supportedVersions: [UInt32] = [1, 2]
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
        static let checksum = 88
        /// Heartbeat, state and checksum: what changes after the page is made.
        static let changing = 72..<96
        static let name = 96
        static let directory = 128
        static let description = 3200
    }

    /// What a header page of version 2 says of itself at 88.
    public static func checksum(_ page: [UInt8]) -> UInt64 {
        var page = page
        for offset in Offset.changing where offset < page.count { page[offset] = 0 }
        return XXHash64.hash(page.span)
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
