import Storage

/// Gathers the entries of one write. Where there are many, many are one value of the store, so that what a
/// value costs, to be sealed and to be written, is theirs together.
///
/// A pack is of 1 to 128 entries, one behind the other: 4 bytes with how long it is, big-endian, and a
/// `StoredEntry`.
struct EntryPacker {
    /// Fewer are each a value.
    static let fewestEntries = 16
    static let mostEntries = 128
    /// A pack that has as many gets no other entry.
    private static let fullBytes = 32 << 10
    private static let lengthBytes = 4

    private var batch = WriteBatch()
    private var first: UInt64 = 0
    private var count = 0
    private var bytes: [UInt8] = []

    /// Adds the entry of the next place to the tree and to what is written.
    /// - Parameter encode: appends the entry's bytes.
    mutating func append(in frontier: inout MerkleFrontier, _ encode: (inout [UInt8]) -> Void) {
        let place = frontier.size
        if count == 0 {
            first = place
            bytes.reserveCapacity(Self.fullBytes)
        }
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: Self.lengthBytes))
        StoredEntry.append(at: place, in: &frontier, to: &bytes, encode)
        let length = bytes.count - start - Self.lengthBytes
        for index in 0..<Self.lengthBytes {
            bytes[start + index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * index))
        }
        count += 1
        if count >= Self.mostEntries || bytes.count >= Self.fullBytes { put() }
    }

    /// What is to be written; called once, at the end.
    mutating func finish() -> WriteBatch {
        put()
        return batch
    }

    private mutating func put() {
        guard count > 0 else { return }
        let places = first..<first + UInt64(count)
        if count >= Self.fewestEntries {
            batch.put(bytes, for: AuditFamilies.key(places), in: AuditFamilies.entries)
        } else {
            for (place, value) in zip(places, Self.split(bytes[...], count: count) ?? []) {
                batch.put(Array(value), for: AuditFamilies.key(place), in: AuditFamilies.entries)
            }
        }
        bytes = []
        count = 0
    }

    /// The values of a pack; nil unless there are `count` and nothing else.
    static func split(_ pack: ArraySlice<UInt8>, count: Int) -> [ArraySlice<UInt8>]? {
        var values: [ArraySlice<UInt8>] = []
        var rest = pack
        for _ in 0..<count {
            guard rest.count >= lengthBytes else { return nil }
            let length = rest.prefix(lengthBytes).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(lengthBytes)
            guard rest.count >= length else { return nil }
            values.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return rest.isEmpty ? values : nil
    }
}
