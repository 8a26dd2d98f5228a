/// Where a store is, and what only a store on disk can do; for any number of threads.
public protocol StoreHome: Sendable {
    /// Opens the store, which was closed or never opened, with these column families and those it has.
    func open(_ families: [Family]) throws(StorageError) -> any OrderedStore

    /// Bytes that the column family of the open store takes on disk; 0 while none is open.
    func bytes(of family: Family) -> Int

    /// Gives the space of the family's entries below a key, which were deleted, back.
    func reclaim(below end: [UInt8], in family: Family) throws(StorageError)

    /// Makes a copy of the open store where the home keeps such, and removes those that are out of date.
    func checkpoint() throws(StorageError)

    /// Makes a copy of the open store in a directory that isn't there yet.
    func checkpoint(to path: String) throws(StorageError)

    /// Rewrites the open store's files without what is out of date.
    func compact() throws(StorageError)
}
