import CRocksDB
import Storage
import Synchronization

/// A store in a RocksDB directory of its own, which one process at a time has open for writing.
public final class RocksStore: OrderedStore {
    /// The file in a store's directory that tells what it is; a checkpoint without it is not whole.
    public static let markFile = StoreMark.file

    private struct State {
        /// None after it was closed.
        var handle: RocksHandle?
        /// True after a write failed: what it left of the log only opening the store again can tell.
        var isStopped = false
    }

    public let path: String
    public let families: [Family]
    /// What was found when it was opened.
    public let report: OpenReport
    let purpose: String
    private let state: Mutex<State>

    /// Opens the store at `path`, or makes it where nothing is.
    ///
    /// - Parameters:
    ///   - purpose: one word, such as `core`; a store of another purpose is refused.
    ///   - families: those that are needed; the store's others are opened too.
    /// - Throws: `foreign`, `unsupportedFormat`, `missing`, `locked`, `malformedFamily`, `corrupt`,
    ///   `noSpace`, `inputOutput`.
    public init(
        _ path: String, purpose: String, families: [Family], settings: RocksSettings = RocksSettings(),
        create: Bool = true
    ) throws(StorageError) {
        for family in families { _ = try family.checked() }
        let mark = StoreMark(directory: path, purpose: purpose)
        let isThere = try mark.isThere()
        guard isThere || create else { throw .missing(path: path) }
        if !isThere { try mark.make() }
        let opening = RocksOpening(path: path, settings: settings)
        let (handle, report) = try opening.primary(families, isNew: !isThere)
        self.path = path
        self.purpose = purpose
        self.report = report
        self.families = unsafe handle.families.keys.sorted { $0.name < $1.name }
        state = Mutex(State(handle: handle))
    }

    public func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]? {
        let handle = try open()
        return unsafe try handle.value(of: key, in: family, handle.reading)
    }

    public func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor {
        try RocksCursor(try open(), nil, range, family, direction)
    }

    public func snapshot() throws(StorageError) -> any OrderedReader { RocksSnapshot(try open()) }

    public func write(_ batch: WriteBatch, _ durability: Durability) throws(StorageError) {
        try StorageLimits.check(batch)
        let handle = try openToWrite()
        try write(try RocksBatch(batch, handle), handle, durability, .write)
        Failpoint.storeWritten.pass()
    }

    /// Writes an entry that only the log holds, and syncs the log with it.
    ///
    /// RocksDB's own call for it aborts the process, as Debian builds it, where a write failed before.
    public func sync() throws(StorageError) {
        let handle = try openToWrite()
        try write(RocksBatch(mark: 0), handle, .durable, .sync)
        Failpoint.storeSynced.pass()
    }

    /// Syncs and ends it. The directory is free for others once the last cursor and snapshot is gone too.
    public func close() throws(StorageError) {
        let (open, isStopped) = state.withLock { state in
            defer { state.handle = nil }
            return (state.handle, state.isStopped)
        }
        guard let open, !isStopped else { return }
        try Failpoint.storeClosing.reach()
        try write(RocksBatch(mark: 0), open, .durable, .sync)
    }

    func open() throws(StorageError) -> RocksHandle {
        guard let handle = state.withLock({ $0.handle }) else { throw .closed }
        return handle
    }

    /// - Throws: `stopped` where a flush, which is part of most maintenance, would meet a log that failed.
    func openToWrite() throws(StorageError) -> RocksHandle {
        try state.withLock { state throws(StorageError) in
            guard let handle = state.handle else { throw .closed }
            guard !state.isStopped else { throw .stopped }
            return handle
        }
    }

    private func write(
        _ batch: RocksBatch, _ handle: RocksHandle, _ durability: Durability,
        _ activity: StorageError.Activity
    ) throws(StorageError) {
        do throws(StorageError) {
            try (activity == .write ? Failpoint.storeWriting : .storeSyncing).reach()
            unsafe try RocksFailure.check(activity, path: path) { error in
                let options = unsafe durability == .durable ? handle.durable : handle.relaxed
                unsafe rocksdb_write(handle.database, options, batch.pointer, error)
            }
        } catch {
            state.withLock { $0.isStopped = true }
            // When there is room again RocksDB would go on by itself, flush, and sync the log that failed; as
            // Debian builds it, that aborts the process.
            unsafe rocksdb_cancel_all_background_work(handle.database, 0)
            throw error
        }
    }
}
