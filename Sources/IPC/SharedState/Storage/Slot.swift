import SharedMemory

/// One entry's 64 bytes of a table, for reading, with the fields as `StateTable` lays them out.
///
/// The address lies within the mapping and is a multiple of 8; whoever makes a slot has checked its number.
@usableFromInline @safe
struct Slot {
    @usableFromInline static let bytes = 64
    @usableFromInline static let kindWord: UInt64 = 1
    @usableFromInline static let kindBytes: UInt64 = 2
    @usableFromInline static let flagPinned: UInt64 = 1
    @usableFromInline static let inlineOffset = 56

    @usableFromInline let address: UnsafeRawPointer

    @inlinable @inline(__always)
    init(_ address: UnsafeRawPointer) { unsafe self.address = unsafe address }

    /// Even while the entry is at rest. The writer's stores of an odd number, then (with a fence between) of
    /// the fields, then the next even number with release, partner the reader's acquiring load, its loads of
    /// the fields, fence and second load.
    @inlinable var version: SharedWord { @inline(__always) get { unsafe address.word(at: 0) } }
    @inlinable var hash: SharedWord { @inline(__always) get { unsafe address.word(at: 8) } }
    /// The number of the bucket's next slot plus one; 0 at the end.
    @inlinable var next: SharedWord { @inline(__always) get { unsafe address.word(at: 16) } }
    @inlinable var shape: SharedWord { @inline(__always) get { unsafe address.word(at: 24) } }
    /// CLOCK_MONOTONIC in nanoseconds; 0 for never.
    @inlinable var expiry: SharedWord { @inline(__always) get { unsafe address.word(at: 32) } }
    @inlinable var key: SharedWord { @inline(__always) get { unsafe address.word(at: 40) } }
    /// Where the block begins in the section; 0 if the value stands in the slot.
    @inlinable var block: SharedWord { @inline(__always) get { unsafe address.word(at: 48) } }
}
