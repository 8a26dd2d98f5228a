/// Entries in the order of their keys, in column families; for any number of threads.
///
/// What holds of every implementation, and what one suite of tests asks of all:
/// - A batch is there as a whole or not at all, for readers and after a crash.
/// - Writes take effect in one order. What a crash leaves is what a first part of them made, and that part
///   holds every write that was acknowledged as durable, and all before it.
/// - A refused write (`StorageError.isRefusal`) changed nothing. One that failed otherwise is not seen by
///   readers; after the store was opened again it may be there, as a whole, if it was the last.
/// - What is damaged is an error, never another value.
public protocol OrderedStore: OrderedReader {
    var families: [Family] { get }

    /// Makes the changes of a batch, which all see once it returns.
    /// - Throws: `closed`, `unknownFamily`, `tooLarge`, `noSpace`, `inputOutput`, `stopped`.
    func write(_ batch: WriteBatch, _ durability: Durability) throws(StorageError)

    /// The store as it is now, for as long as the reader is held.
    func snapshot() throws(StorageError) -> any OrderedReader

    /// Makes durable what was written before.
    func sync() throws(StorageError)

    /// Syncs and ends it; what was made of it before (snapshots, cursors) goes on reading.
    func close() throws(StorageError)
}
