extension UnsafeRawPointer {
    /// The word `offset` bytes on.
    @inlinable @inline(__always)
    public func word(at offset: Int) -> SharedWord { unsafe SharedWord(self + offset) }
}

extension UnsafeMutableRawPointer {
    /// The word `offset` bytes on.
    @inlinable @inline(__always)
    public func word(at offset: Int) -> WritableWord { unsafe WritableWord(self + offset) }
}
