import Storage
import Synchronization

/// A store whose values are sealed: a wrapper around any other. Families, keys and the lengths of values are
/// as they were.
///
/// What the contract of stores says holds of it too. It adds `RecordHeader.addedBytes` (45) to each value,
/// which count in the limits.
public final class SealedStore: OrderedStore {
    /// The column family in which a sealed store keeps how far its sealing is; nobody else sees it.
    public static let family = SealState.family

    public let families: [Family]
    let inner: any OrderedStore
    let sealer: RecordSealer
    let gate = WriteGate()
    let state: Mutex<SealState>
    private let resealer = Mutex<Resealer?>(nil)

    /// Whether a store, read as it lies there, holds sealed values, or is about to.
    public static func isSealed(_ reader: any OrderedReader) throws(StorageError) -> Bool {
        try SealState.record(in: reader) != nil
    }

    /// - Parameters:
    ///   - inner: opened with `SealedStore.family` among its families.
    ///   - purpose: of the store; a value of another's does not open.
    ///   - path: names the store in errors.
    ///   - purge: rewrites the store's files without what is out of date; called when values that were not
    ///     sealed now are, which the ring's `adopts` has to name.
    /// - Throws: `foreign` if it holds values that are not sealed, `key` if the ring lacks their key, and
    ///   what reading and writing throw.
    /// - Complexity: linear in the store if it is adopted, else constant.
    public init(
        _ inner: any OrderedStore, purpose: String, path: String, keys: SealingKeys,
        purge: () throws(StorageError) -> Void
    ) throws(StorageError) {
        self.inner = inner
        families = inner.families.filter { $0 != Self.family }
        sealer = RecordSealer(keys, purpose: purpose)
        let epoch = keys.current.epoch
        var state = try SealState(inner, sealer, store: path)
        if state == nil, try !inner.isEmpty(families) {
            guard keys.ring.adopts.contains(purpose) else { throw .foreign(path: path, .unsealed) }
            state = SealState(.adopting, epoch: epoch, floor: epoch)
        }
        var found = state ?? SealState(.sealed, epoch: epoch, floor: epoch)
        if state == nil { try Self.note(found, inner, sealer) }
        if found.phase == .adopting {
            found = try Self.adopt(inner, families, sealer, found)
        }
        if found.phase == .purging {
            try Failpoint.sealPurging.reach()
            try purge()
            found.phase = .sealed
            try Self.note(found, inner, sealer)
        }
        self.state = Mutex(found)
    }

    public func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]? {
        try SealedReader(inner, sealer).value(of: key, in: family)
    }

    public func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor {
        try SealedReader(inner, sealer).cursor(over: range, in: family, direction)
    }

    public func snapshot() throws(StorageError) -> any OrderedReader {
        SealedReader(try inner.snapshot(), sealer)
    }

    public func write(_ batch: WriteBatch, _ durability: Durability) throws(StorageError) {
        try StorageLimits.check(batch)
        try gate.sharing { () throws(StorageError) in
            var sealed = try sealed(batch)
            // The first batch of an epoch says that there are values of it, so that an old copy of the key
            // ring is found out when the store is opened. Of two that are first at once both say so.
            var news = state.withLock { $0 }
            let epoch = sealer.keys.current.epoch
            guard news.epoch < epoch else { return try inner.write(sealed, durability) }
            news.epoch = epoch
            sealed.put(news, sealer)
            try inner.write(sealed, durability)
            state.withLock { $0.epoch = max($0.epoch, epoch) }
        }
    }

    public func sync() throws(StorageError) { try inner.sync() }

    public func close() throws(StorageError) {
        resealer.withLock { $0.take() }?.stop()
        try inner.close()
    }

    /// Seals values of earlier data keys anew from now on, until it is closed.
    public func tend() { resealer.withLock { $0 = Resealer(self) } }

    /// The epoch of the earliest data key that a value may be sealed with.
    public var oldestEpoch: UInt32 { state.withLock { $0.floor } }

    private func sealed(_ batch: WriteBatch) throws(StorageError) -> WriteBatch {
        var sealed = WriteBatch()
        var turn = sealer.turn(batch.operations.count)
        for operation in batch.operations {
            guard operation.family != Self.family else { throw .unknownFamily(operation.family.name) }
            switch operation {
            case .put(let family, let key, let value):
                sealed.put(sealer.seal(value, key, family, &turn), for: key, in: family)
            case .delete(let family, let key): sealed.delete(key, in: family)
            case .deleteRange(let family, let range): sealed.delete(range, in: family)
            }
        }
        return sealed
    }

    static func note(
        _ state: SealState, _ store: any OrderedStore, _ sealer: RecordSealer
    ) throws(StorageError) {
        var batch = WriteBatch()
        batch.put(state, sealer)
        try store.write(batch, .durable)
    }
}
