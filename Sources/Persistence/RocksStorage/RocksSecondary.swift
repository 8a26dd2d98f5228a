import CRocksDB
import Storage
import Synchronization

/// A reader of a store that another process writes: it sees what was written until it last caught up.
///
/// It needs no lock and holds up nobody. It can't hold a snapshot: what a cursor reads stays as it was, and
/// each new one sees what was caught up to.
public final class RocksSecondary: OrderedReader {
    private static let mostOpenings = 3

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
        let (handle, found) = try Self.open(opening, scratch: scratch)
        files = Mutex(found)
        self.handle = Mutex(handle)
    }

    /// Opens it, best while none of the writer's logs becomes a file: RocksDB reads which files there are
    /// first and the logs then, and finds what was moved between the two in neither, until it has caught up.
    ///
    /// - Returns: the files too that it knew when it was opened: if there are others since, it is opened anew
    ///   when it catches up.
    private static func open(
        _ opening: RocksOpening, scratch: String
    ) throws(StorageError) -> (RocksHandle, [String]) {
        var left = mostOpenings
        while true {
            let handle = try opening.secondary(scratch: scratch)
            let files = handle.files()
            try catchUp(handle, opening.path)
            left -= 1
            if left == 0 || handle.files() == files { return (handle, files) }
        }
    }

    private static func catchUp(_ handle: RocksHandle, _ path: String) throws(StorageError) {
        unsafe try RocksFailure.check(.catchUp, path: path) { error in
            unsafe rocksdb_try_catch_up_with_primary(handle.database, error)
        }
    }

    /// Reads what was written since the last time.
    ///
    /// - Complexity: linear in what was written; where the writer's files changed, the store is opened anew
    ///   and its whole log read. RocksDB (7.8) keeps in memory what it read of a log that has become a file
    ///   since, and a value there hides the later one of the file: meanwhile such a value may be found.
    public func catchUp() throws(StorageError) {
        try files.withLock { files throws(StorageError) in
            let old = open
            try Self.catchUp(old, path)
            guard old.files() != files else { return }
            let (new, found) = try Self.open(opening, scratch: scratch)
            handle.withLock { $0 = new }
            files = found
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
