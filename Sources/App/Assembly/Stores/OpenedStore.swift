import RocksStorage
import Storage

/// A store that is open for writing.
package struct OpenedStore: Sendable {
    /// What only files can do, with values as they lie there.
    package let files: RocksStore
    /// The store for those who read and write values.
    package let store: any OrderedStore
}
