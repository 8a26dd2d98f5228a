import CSharedMemory
import Identifiers
import SharedMemory

extension StateTableView {
    /// Fewer than for one key, as a whole table of garbage takes so many for each slot.
    private static let mostSnapshotTries = 32

    /// Calls `body` with a copy of each entry, each whole and of one moment, in no order.
    ///
    /// An entry that is there all the time comes once; one that comes, goes or is written meanwhile may come,
    /// or not, or (if it went and came back) come twice. Entries whose writer was killed are left out.
    ///
    /// - Parameter prefix: only byte strings that begin so; all keys if `nil`.
    public func forEach(
        prefix: [UInt8]? = nil, now: MonotonicTime? = nil, _ body: (TableEntry) -> Void
    ) {
        let now = (now ?? .now).nanoseconds
        for number in 0..<slotCount {
            let slot = unsafe Slot(slots + Int(number) * Slot.bytes)
            // Most tables are far from full, and what was never written says so without a second look.
            guard slot.shape.load() != 0, let entry = entry(slot, prefix) else { continue }
            if entry.expiry == 0 || entry.expiry > now { body(entry) }
        }
    }

    /// The entries of a table, each whole and of one moment.
    public func snapshot(prefix: [UInt8]? = nil, now: MonotonicTime? = nil) -> [TableEntry] {
        var entries: [TableEntry] = []
        forEach(prefix: prefix, now: now) { entries.append($0) }
        return entries
    }

    private func entry(_ slot: Slot, _ prefix: [UInt8]?) -> TableEntry? {
        for _ in 0..<Self.mostSnapshotTries {
            let version = slot.version.loadAcquiring()
            guard version & 1 == 0 else {
                cshared_pause()
                continue
            }
            let entry = copy(slot, version, prefix)
            if isUnchanged(slot, version) { return entry }
        }
        return nil
    }

    private func copy(_ slot: Slot, _ version: UInt64, _ prefix: [UInt8]?) -> TableEntry? {
        let shape = SlotShape(rawValue: slot.shape.load())
        guard let start = unsafe start(slot, shape) else { return nil }
        let key: StoredKey
        switch shape.kind {
        case Slot.kindWord:
            guard prefix == nil else { return nil }
            key = .word(slot.key.load())
        case Slot.kindBytes:
            let bytes = unsafe VersionedBytes(
                copying: UnsafeRawBufferPointer(start: start, count: shape.keyBytes), version: version)
            if let prefix, !bytes.bytes.starts(with: prefix) { return nil }
            key = .bytes(bytes.bytes)
        default: return nil
        }
        let value = unsafe UnsafeRawBufferPointer(
            start: start + shape.valueOffset, count: shape.valueBytes)
        return unsafe TableEntry(
            key: key, value: VersionedBytes(copying: value, version: version).bytes, version: version,
            expiry: slot.expiry.load(), isPinned: shape.isPinned)
    }

    /// The numbers of the table, as its owner keeps them.
    public var statistics: TableStatistics {
        var sum = TableStatistics()
        for shard in 0..<shards {
            let line =
                unsafe base + StateTablePlan.shardStatisticsOffset
                + shard * StateTablePlan.shardStatisticsBytes
            unsafe sum.entries &+= line.word(at: 0).load()
            unsafe sum.bytes &+= line.word(at: 8).load()
            unsafe sum.writes &+= line.word(at: 16).load()
            unsafe sum.evictions &+= line.word(at: 24).load()
            unsafe sum.expirations &+= line.word(at: 32).load()
            unsafe sum.refusals &+= line.word(at: 40).load()
            unsafe sum.pinnedEntries &+= line.word(at: 48).load()
        }
        return sum
    }
}
