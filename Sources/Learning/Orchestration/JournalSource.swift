import Storage

/// Where a learner reads the gateway's journal. Called by one thread at a time, which may wait for the disk.
package protocol JournalSource: Sendable {
    /// A reader of what was written until now, or a moment ago.
    func reader() throws(StorageError) -> any OrderedReader

    /// Lets go of what it holds; the next reader costs more.
    func rest()
}
