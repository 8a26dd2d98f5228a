import Storage

/// Where a store keeps the log.
///
/// | column family | key | value |
/// |---|---|---|
/// | `audit` | an entry's place, 8 bytes, big-endian | a `StoredEntry` |
/// | `audit` | the place of the first entry of several, and how many, 2 bytes, big-endian | a pack |
/// | `audit-heads` | how many entries the head is over, 8 bytes, big-endian | the text of a `SignedHead` |
public enum AuditFamilies {
    public static let entries = Family("audit")
    public static let heads = Family("audit-heads")
    public static let all = [entries, heads]

    static func key(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
    }

    /// Of a pack.
    static func key(_ places: Range<UInt64>) -> [UInt8] {
        let count = places.upperBound - places.lowerBound
        return key(places.lowerBound)
            + [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
    }

    /// Above all keys of entries up to a place, and of packs that begin there or before.
    static func behind(_ place: UInt64) -> [UInt8] { key(place) + [0xFF, 0xFF, 0xFF] }

    /// The places that a key of an entry or a pack is of; none for other bytes.
    static func places(_ key: [UInt8]) -> Range<UInt64>? {
        if let place = number(key) { return place < .max ? place..<place + 1 : nil }
        guard key.count == 10, let first = number(Array(key.prefix(8))) else { return nil }
        let count = UInt64(key[8]) << 8 | UInt64(key[9])
        guard (1...UInt64(EntryPacker.mostEntries)).contains(count), first < .max - count else { return nil }
        return first..<first + count
    }

    /// The values of the entries at a key's places; none where it is no pack of so many.
    static func values(_ value: [UInt8], of key: [UInt8], at places: Range<UInt64>) -> [ArraySlice<UInt8>]? {
        guard key.count > 8 else { return [value[...]] }
        return EntryPacker.split(value[...], count: places.count)
    }

    /// None for bytes that aren't a key.
    static func number(_ key: [UInt8]) -> UInt64? {
        guard key.count == 8 else { return nil }
        return key.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
