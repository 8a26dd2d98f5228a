/// A cursors section: 64 entries of 64 bytes, one for each stream that a process reads.
///
/// | offset | type | field |
/// |---|---|---|
/// | 0 | u64 | stream (`CursorStream`); 0 while the entry is free or being changed |
/// | 8 | u64 | generation of the segment that the stream is in |
/// | 16 | u64 | position: records or bytes read |
/// | 24 | u64 | lost: records lost |
/// | 32 | u64 | nanoseconds of CLOCK_MONOTONIC when the position was last moved |
/// | 40 | 24 bytes | zero |
///
/// Whose cursors they are the segment's header says (process id and start time).
@usableFromInline
enum CursorLayout {
    static let entries = 64
    static let entryBytes = 64
    static let stream = 0
    static let generation = 8
    static let position = 16
    static let lost = 24
    static let time = 32
}
