/// What the fourth word of a slot says: the lengths, the kind of key and the flags.
@usableFromInline
struct SlotShape {
    @usableFromInline var rawValue: UInt64

    @inlinable @inline(__always)
    init(rawValue: UInt64) { self.rawValue = rawValue }

    init(valueBytes: Int, keyBytes: Int, kind: UInt64, isPinned: Bool) {
        let flags = isPinned ? Slot.flagPinned : 0
        rawValue = UInt64(valueBytes) | UInt64(keyBytes) << 32 | kind << 48 | flags << 56
    }

    @inlinable var valueBytes: Int { @inline(__always) get { Int(rawValue & 0xFFFF_FFFF) } }
    @inlinable var keyBytes: Int { @inline(__always) get { Int(rawValue &>> 32 & 0xFFFF) } }
    /// 0 for a free slot.
    @inlinable var kind: UInt64 { @inline(__always) get { rawValue &>> 48 & 0xFF } }
    var isPinned: Bool { rawValue &>> 56 & Slot.flagPinned != 0 }
    /// Where the value begins in the block: behind the key, on a multiple of 8.
    @inlinable var valueOffset: Int { @inline(__always) get { Self.valueOffset(keyBytes: keyBytes) } }

    @inlinable @inline(__always)
    static func valueOffset(keyBytes: Int) -> Int { (keyBytes &+ 7) & ~7 }
}
