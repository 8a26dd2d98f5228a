/// A command ring: a 256-byte head, then `capacity` bytes of frames.
///
/// | offset in the head | type | field |
/// |---|---|---|
/// | 0 | u64 | published: bytes ever, all of them whole frames; stored releasing, loaded acquiring |
/// | 64 | u64 | version 2: bytes of frames that the writer knows to be read; version 1: zero |
/// | 128 | u64 | capacity in bytes, as in the directory |
///
/// A frame:
///
/// | offset | type | field |
/// |---|---|---|
/// | 0 | u32 | bytes of the body |
/// | 4 | u16 | kind; 0xFFFF in a filler |
/// | 6 | u16 | zero |
/// | 8 | u64 | sequence: 1, 2, ... |
/// | 16 | u32 | low half of the body's XXH64 |
/// | 20 | u32 | zero |
/// | 24 | | body, padded with zeros to 8 bytes |
///
/// A frame lies in one run. Where one would run over the end, a filler stands in its place, of which only the
/// first 8 bytes are sure to be there: it goes on to the next multiple of the capacity.
enum CommandLayout {
    static let headerBytes = 24
    static let filler: UInt16 = 0xFFFF
    /// Of a body, beside a quarter of the ring.
    static let maximumBodyBytes = 64 << 10

    static func maximumBodyBytes(_ capacity: UInt64) -> Int {
        Int(min(UInt64(maximumBodyBytes), capacity / 4))
    }

    static func frameBytes(_ body: Int) -> UInt64 { UInt64(headerBytes + (body + 7) / 8 * 8) }
}
