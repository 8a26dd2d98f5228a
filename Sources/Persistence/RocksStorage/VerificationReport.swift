import Storage

/// What was read, with every block's checksum compared, when a store was verified.
public struct VerificationReport: Sendable, Equatable {
    public struct FamilyPart: Sendable, Equatable {
        public var family: Family
        public var entries: Int
        /// Keys and values.
        public var bytes: Int
    }

    public var families: [FamilyPart] = []

    /// - Throws: `corrupt` with RocksDB's account of the place, `inputOutput`.
    init(_ handle: RocksHandle) throws(StorageError) {
        for family in unsafe handle.families.keys.sorted(by: { $0.name < $1.name }) {
            let cursor = try RocksCursor(handle, nil, .all, family, .forward, verifying: true)
            var part = FamilyPart(family: family, entries: 0, bytes: 0)
            while let entry = try cursor.next() {
                part.entries += 1
                part.bytes += entry.key.count + entry.value.count
            }
            families.append(part)
        }
    }
}
