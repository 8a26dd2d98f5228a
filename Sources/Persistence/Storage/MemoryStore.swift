import Synchronization

/// A store whose entries lie in memory, with its log on a `MemoryDisk`.
///
/// It is for tests of what stands on a store, with the faults of the disk, and for runs that keep nothing.
/// - Complexity: a write is linear in the entries of its family.
public final class MemoryStore: OrderedStore {
    private struct State {
        var tables: FamilyTables
        var isStopped = false
        var isClosed = false
    }

    /// A log is written anew when it has this many bytes more than twice what is in it.
    private static let slackBytes = 64 << 10

    public let families: [Family]
    private let disk: MemoryDisk
    private let state: Mutex<State>

    /// Opens what the disk holds; a record at its end that was not written to its end is cut off.
    /// - Throws: `malformedFamily`, `corrupt`, and what the disk throws.
    public init(_ disk: MemoryDisk = MemoryDisk(), families: [Family]) throws(StorageError) {
        for family in families { _ = try family.checked() }
        self.disk = disk
        let tables = try Self.replay(disk, FamilyTables(families))
        self.families = tables.tables.keys.sorted { $0.name < $1.name }
        state = Mutex(State(tables: tables))
    }

    private static func replay(
        _ disk: MemoryDisk, _ empty: FamilyTables
    ) throws(StorageError) -> FamilyTables {
        let log = try disk.read()
        var tables = empty
        var place = 0
        while place < log.count {
            switch LogRecord.decode(log, at: place) {
            case .batch(let batch, let end):
                tables.add(familiesOf: batch)
                try tables.apply(batch)
                place = end
            case .torn:
                try disk.truncate(to: place)
                return tables
            case .damaged: throw .corrupt(.open, detail: "the log's record at \(place) of \(log.count) bytes")
            }
        }
        return tables
    }

    public func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]? {
        try tables().table(family).value(of: key)
    }

    public func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor {
        MemoryCursor(try tables().table(family), range, direction)
    }

    public func snapshot() throws(StorageError) -> any OrderedReader { MemorySnapshot(try tables()) }

    public func write(_ batch: WriteBatch, _ durability: Durability) throws(StorageError) {
        try StorageLimits.check(batch)
        try state.withLock { state throws(StorageError) in
            guard !state.isClosed else { throw .closed }
            guard !state.isStopped else { throw .stopped }
            var tables = state.tables
            try tables.apply(batch)
            try append(LogRecord.encode(batch), &state)
            if durability == .durable { try sync(&state) }
            state.tables = tables
            shorten(tables)
        }
    }

    public func sync() throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            guard !state.isClosed else { throw .closed }
            guard !state.isStopped else { throw .stopped }
            try sync(&state)
        }
    }

    public func close() throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            guard !state.isClosed else { return }
            state.isClosed = true
            if !state.isStopped { try sync(&state) }
        }
    }

    private func tables() throws(StorageError) -> FamilyTables {
        try state.withLock { state throws(StorageError) in
            guard !state.isClosed else { throw .closed }
            return state.tables
        }
    }

    /// Adds a record, or takes back what a failure left of it; where that fails too, the store stops.
    private func append(_ record: [UInt8], _ state: inout State) throws(StorageError) {
        let length = disk.bytes
        do {
            try disk.append(record)
        } catch {
            do { try disk.truncate(to: length) } catch { state.isStopped = true }
            throw error
        }
    }

    /// What a failed sync left on disk nobody can tell, and a second one may hide it (Rebello and others, ATC
    /// 2020), so the store stops.
    private func sync(_ state: inout State) throws(StorageError) {
        do {
            try disk.sync()
        } catch {
            state.isStopped = true
            throw error
        }
    }

    /// Writes the log anew when most of it is out of date; if the disk can't, it stays as it is.
    private func shorten(_ tables: FamilyTables) {
        guard disk.bytes > 2 * tables.bytes + Self.slackBytes else { return }
        var log: [UInt8] = []
        for (family, table) in tables.tables {
            for entry in table.entries {
                var batch = WriteBatch()
                batch.put(entry.value, for: entry.key, in: family)
                log += LogRecord.encode(batch)
            }
        }
        try? disk.replace(with: log)
    }
}
