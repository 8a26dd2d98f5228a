import Storage

/// Where the journal's store is, and what only a store on disk can do.
public protocol JournalHome: Sendable {
    /// Opens the store, which was closed or never opened.
    func open() throws(StorageError) -> any OrderedStore

    /// Bytes that the column family of the open store takes on disk.
    func bytes(of family: Family) -> Int

    /// Gives the space of the family's entries below a key, which were deleted, back.
    func reclaim(below end: [UInt8], in family: Family) throws(StorageError)

    /// Makes a copy of the open store.
    func checkpoint() throws(StorageError)
}
