/// A walk over entries; for one thread at a time.
public protocol StoreCursor: AnyObject {
    /// - Returns: nothing at the end, and ever after.
    /// - Throws: `corrupt`, `inputOutput`; no entry follows then.
    func next() throws(StorageError) -> Entry?
}
