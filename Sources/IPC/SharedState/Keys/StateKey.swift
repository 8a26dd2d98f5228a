/// What entries are found by: a 64-bit number, or at most 255 bytes.
///
/// A number and a byte string are never the same key. Texts are their UTF-8 bytes.
public protocol StateKey {
    /// Calls `body` with the key, hashed with the seed of a table.
    func withEntryKey<Result>(seed: UInt64, _ body: (EntryKey) -> Result) -> Result
}

extension UInt64: StateKey {
    @inlinable @inline(__always)
    public func withEntryKey<Result>(seed: UInt64, _ body: (EntryKey) -> Result) -> Result {
        body(EntryKey(word: self, seed: seed))
    }
}

extension String: StateKey {
    @inlinable @inline(__always)
    public func withEntryKey<Result>(seed: UInt64, _ body: (EntryKey) -> Result) -> Result {
        unsafe utf8Span.span.withUnsafeBytes { unsafe body(EntryKey(bytes: $0, seed: seed)) }
    }
}

extension [UInt8]: StateKey {
    @inlinable @inline(__always)
    public func withEntryKey<Result>(seed: UInt64, _ body: (EntryKey) -> Result) -> Result {
        unsafe withUnsafeBytes { unsafe body(EntryKey(bytes: $0, seed: seed)) }
    }
}

extension ArraySlice<UInt8>: StateKey {
    @inlinable @inline(__always)
    public func withEntryKey<Result>(seed: UInt64, _ body: (EntryKey) -> Result) -> Result {
        unsafe withUnsafeBytes { unsafe body(EntryKey(bytes: $0, seed: seed)) }
    }
}
