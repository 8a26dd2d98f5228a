import CRocksDB
import Storage
import Synchronization

/// A reader of a store that another process writes: it sees what was written until it last caught up.
///
/// It needs no lock and holds up nobody. It can't hold a snapshot: what a cursor reads stays as it was, and
/// each new one sees what was caught up to.
public final class RocksSecondary: OrderedReader {
    public let path: String
    private let opening: RocksOpening
    private let scratch: String
    private let handle: Mutex<RocksHandle>
    /// The writer's sorted files when it last caught up; held while it does.
    private let files: Mutex<[String]>

    public var families: [Family] { unsafe open.families.keys.sorted { $0.name < $1.name } }

    /// - Parameter scratch: a directory of its own for RocksDB's log of messages.
    /// - Throws: as `RocksStore`'s, without `locked`.
    public init(
        _ path: String, purpose: String, scratch: String, settings: RocksSettings = RocksSettings()
    ) throws(StorageError) {
        guard try StoreMark(directory: path, purpose: purpose).isThere() else { throw .missing(path: path) }
        self.path = path
        self.scratch = scratch
        opening = RocksOpening(path: path, settings: settings)
        let handle = try opening.secondary(scratch: scratch)
        files = Mutex(handle.files())
        self.handle = Mutex(handle)
    }

    /// Reads what was written since the last time.
    ///
    /// - Complexity: linear in what was written; where the writer's files changed, the store is opened anew
    ///   and its whole log read. RocksDB (7.8) keeps in memory what it read of a log that has become a file
    ///   since, and a value there hides the later one of the file: meanwhile such a value may be found.
    public func catchUp() throws(StorageError) {
        try files.withLock { files throws(StorageError) in
            let old = open
            unsafe try RocksFailure.check(.catchUp, path: path) { error in
                unsafe rocksdb_try_catch_up_with_primary(old.database, error)
            }
            guard old.files() != files else { return }
            let new = try opening.secondary(scratch: scratch)
            handle.withLock { $0 = new }
            files = new.files()
        }
    }

    public func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]? {
        let handle = open
        return unsafe try handle.value(of: key, in: family, handle.reading)
    }

    public func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor {
        try RocksCursor(open, nil, range, family, direction)
    }

    public func statistics() -> StoreStatistics { StoreStatistics(open) }

    public func verify() throws(StorageError) -> VerificationReport { try VerificationReport(open) }

    private var open: RocksHandle { handle.withLock { $0 } }
}
