import CSharedMemory
import SharedMemory

/// What is remembered of one finished call: 128 bytes, little-endian, in a ring of its event loop.
///
/// | offset | type | field |
/// |---|---|---|
/// | 0 | u64 | sequence: index in the ring + 1 |
/// | 8 | u64 | start, microseconds since 1970 |
/// | 16 | u64 | call id |
/// | 24 | u32 | session: id of an interned name, 0 for none |
/// | 28 | u32 | principal: id of an interned name |
/// | 32 | u32 | server: id of an interned name |
/// | 36 | u32 | tool: id of an interned name |
/// | 40 | u32 | method: id of an interned name |
/// | 44 | u8 | era: 0 legacy, 1 modern |
/// | 45 | u8 | outcome: raw value of Telemetry's `CallRecord.Outcome` |
/// | 46 | u16 | flags: 1 params captured, 2 result captured, 4 params cut, 8 result cut |
/// | 48 | i32 | JSON-RPC error code, 0 without one |
/// | 52 | u32 | microseconds in the queue |
/// | 56 | u32 | microseconds upstream |
/// | 60 | u32 | microseconds in all |
/// | 64 | u32 | bytes of the request |
/// | 68 | u32 | bytes of the result |
/// | 72 | u64 | XXH64 (seed 0) of the raw params, 0 for none |
/// | 80 | u64 | XXH64 (seed 0) of the raw result, 0 for none |
/// | 88 | u64 | version of the advice |
/// | 96 | u32 | reasons of the advice, a set of bits |
/// | 100 | u16 | loop |
/// | 102 | u16 | zero |
/// | 104 | u64 | position of the params in the loop's payload stream |
/// | 112 | u32 | bytes of params in the payload ring |
/// | 116 | u32 | bytes of result in the payload ring, directly behind the params |
/// | 120 | u32 | zero |
/// | 124 | u32 | checksum: `cshared_record_checksum` of the rest |
///
/// It is held and moved as 16 words of 64 bits, so that a record in shared memory is loaded and stored by
/// atomic words.
public struct ObservationRecord: Sendable {
    public static let bytes = 128
    @usableFromInline static let wordCount = 16

    @usableFromInline var words: InlineArray<16, UInt64>

    /// A record of zeros.
    @inlinable
    public init() { words = InlineArray(repeating: 0) }

    /// What lies at `address`, 128 bytes that may be changing: it is whole only if its checksum says so, or
    /// if the ring's check after the load does.
    @inlinable @inline(__always)
    public init(loading address: UnsafeRawPointer) {
        // One by one: the compiler copies the whole array where an index is no constant.
        words = unsafe [
            address.word(at: 0).load(), address.word(at: 8).load(),
            address.word(at: 16).load(), address.word(at: 24).load(),
            address.word(at: 32).load(), address.word(at: 40).load(),
            address.word(at: 48).load(), address.word(at: 56).load(),
            address.word(at: 64).load(), address.word(at: 72).load(),
            address.word(at: 80).load(), address.word(at: 88).load(),
            address.word(at: 96).load(), address.word(at: 104).load(),
            address.word(at: 112).load(), address.word(at: 120).load(),
        ]
    }

    /// Writes the 128 bytes at `address`, word by word.
    @inlinable @inline(__always)
    public func store(to address: UnsafeMutableRawPointer) {
        unsafe address.word(at: 0).store(words[0])
        unsafe address.word(at: 8).store(words[1])
        unsafe address.word(at: 16).store(words[2])
        unsafe address.word(at: 24).store(words[3])
        unsafe address.word(at: 32).store(words[4])
        unsafe address.word(at: 40).store(words[5])
        unsafe address.word(at: 48).store(words[6])
        unsafe address.word(at: 56).store(words[7])
        unsafe address.word(at: 64).store(words[8])
        unsafe address.word(at: 72).store(words[9])
        unsafe address.word(at: 80).store(words[10])
        unsafe address.word(at: 88).store(words[11])
        unsafe address.word(at: 96).store(words[12])
        unsafe address.word(at: 104).store(words[13])
        unsafe address.word(at: 112).store(words[14])
        unsafe address.word(at: 120).store(words[15])
    }

    /// The checksum that the rest of the record asks for.
    @inlinable
    public func expectedChecksum() -> UInt32 {
        unsafe withUnsafePointer(to: words) { pointer in
            unsafe pointer.withMemoryRebound(to: UInt64.self, capacity: Self.wordCount) {
                unsafe cshared_record_checksum($0)
            }
        }
    }

    /// True if the 128 bytes at `address`, which nobody changes, are the whole record of that sequence.
    @inlinable @inline(__always)
    static func isWhole(_ address: UnsafeRawPointer, sequence: UInt64) -> Bool {
        let words = unsafe address.assumingMemoryBound(to: UInt64.self)
        return unsafe words[0] == sequence && words[15] >> 32 == UInt64(cshared_record_checksum(words))
    }

    /// True if the record is whole: what a writer stored, all of it.
    @inlinable
    public var isWhole: Bool { checksum == expectedChecksum() }
}

extension ObservationRecord: Equatable {
    @inlinable
    public static func == (left: ObservationRecord, right: ObservationRecord) -> Bool {
        for index in 0..<wordCount where left.words[index] != right.words[index] { return false }
        return true
    }
}
