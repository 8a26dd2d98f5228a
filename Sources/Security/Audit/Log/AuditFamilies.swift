import Storage

/// Where a store keeps the log.
///
/// | column family | key | value |
/// |---|---|---|
/// | `audit` | an entry's place, 8 bytes, big-endian | a `StoredEntry` |
/// | `audit-heads` | how many entries the head is over, 8 bytes, big-endian | the text of a `SignedHead` |
public enum AuditFamilies {
    public static let entries = Family("audit")
    public static let heads = Family("audit-heads")
    public static let all = [entries, heads]

    static func key(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }

    /// None for bytes that aren't a key.
    static func number(_ key: [UInt8]) -> UInt64? {
        guard key.count == 8 else { return nil }
        return key.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
