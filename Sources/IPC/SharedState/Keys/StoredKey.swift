/// A key as a table holds it.
public enum StoredKey: Hashable, Sendable {
    case word(UInt64)
    case bytes([UInt8])
}

extension StoredKey: StateKey {
    @inlinable
    public func withEntryKey<Result>(seed: UInt64, _ body: (EntryKey) -> Result) -> Result {
        switch self {
        case .word(let word): word.withEntryKey(seed: seed, body)
        case .bytes(let bytes): bytes.withEntryKey(seed: seed, body)
        }
    }
}
