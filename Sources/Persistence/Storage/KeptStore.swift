/// The store of a keeper, as its users see it: one that outlives each opening.
///
/// While the store can't be had every operation throws the reason, or `closed` before it was opened and after
/// the end. A write that fails is reported, so that the store is opened anew. Cursors and snapshots belong to
/// one opening and are to be short-lived, because the directory can't be opened anew while one is held.
final class KeptStore: OrderedStore {
    private let keeping: Keeping

    init(_ keeping: Keeping) { self.keeping = keeping }

    var families: [Family] { keeping.families }

    func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]? {
        try keeping.opened().store.value(of: key, in: family)
    }

    func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor {
        try keeping.opened().store.cursor(over: range, in: family, direction)
    }

    func snapshot() throws(StorageError) -> any OrderedReader { try keeping.opened().store.snapshot() }

    func write(_ batch: WriteBatch, _ durability: Durability) throws(StorageError) {
        let opened = try keeping.opened()
        do throws(StorageError) {
            try opened.store.write(batch, durability)
        } catch {
            keeping.failed(error, opened.number)
            throw error
        }
    }

    func sync() throws(StorageError) {
        let opened = try keeping.opened()
        do throws(StorageError) { try opened.store.sync() } catch {
            keeping.failed(error, opened.number)
            throw error
        }
    }

    /// Does nothing: the keeper closes the store, when all of its users have ended.
    func close() throws(StorageError) {}
}
