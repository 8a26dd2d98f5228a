import Orchestration
import Storage

/// The gateway's journal as a learner in the same process reads it.
struct SharedJournal: JournalSource {
    let store: any OrderedStore

    func reader() throws(StorageError) -> any OrderedReader { store }
    func rest() {}
}
