import Storage

/// Reads what a sealed store holds: a snapshot of it, or the store that another process writes.
public struct SealedReader: OrderedReader {
    private let inner: any OrderedReader
    private let sealer: RecordSealer

    init(_ inner: any OrderedReader, _ sealer: RecordSealer) {
        self.inner = inner
        self.sealer = sealer
    }

    /// - Parameters:
    ///   - families: of the store.
    ///   - path: names the store in errors.
    /// - Throws: `foreign` if its values are not sealed, `key` if the ring lacks their key, and what reading
    ///   throws.
    public init(
        _ inner: any OrderedReader, families: [Family], purpose: String, path: String, keys: SealingKeys
    ) throws(StorageError) {
        let sealer = RecordSealer(keys, purpose: purpose)
        self.init(inner, sealer)
        guard let state = try SealState(inner, sealer, store: path) else {
            guard try inner.isEmpty(families) else { throw .foreign(path: path, .unsealed) }
            return
        }
        guard state.phase != .adopting else { throw .foreign(path: path, .unsealed) }
    }

    public func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]? {
        guard family != SealState.family else { throw .unknownFamily(family.name) }
        guard let record = try inner.value(of: key, in: family) else { return nil }
        return try sealer.open(record, key, family)
    }

    public func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor {
        guard family != SealState.family else { throw .unknownFamily(family.name) }
        return SealedCursor(try inner.cursor(over: range, in: family, direction), sealer, family)
    }
}

extension OrderedReader {
    func isEmpty(_ families: [Family]) throws(StorageError) -> Bool {
        for family in families where family != SealState.family {
            guard try entries(in: .all, of: family, limit: 1).isEmpty else { return false }
        }
        return true
    }
}
