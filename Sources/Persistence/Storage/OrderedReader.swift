/// What reads a store, as it is now or as it was.
public protocol OrderedReader: Sendable {
    /// - Returns: nothing if there is no such key.
    /// - Throws: `closed`, `unknownFamily`, `corrupt`, `inputOutput`.
    func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]?

    /// Walks the entries as they are when it is made, whatever is written meanwhile.
    ///
    /// It holds back the space of what is deleted meanwhile, so it is for a short time.
    /// - Throws: as `value(of:in:)`.
    func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor
}

extension OrderedReader {
    /// The first `limit` entries of a range.
    public func entries(
        in range: KeyRange, of family: Family, _ direction: Direction = .forward, limit: Int
    ) throws(StorageError) -> [Entry] {
        let cursor = try cursor(over: range, in: family, direction)
        var found: [Entry] = []
        while found.count < limit, let entry = try cursor.next() { found.append(entry) }
        return found
    }
}
