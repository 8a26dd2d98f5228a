import RocksStorage
import Sealing
import Storage
import Synchronization

/// Reads a store that another process may write: its values opened, if they are sealed.
package final class StoreReader: OrderedReader {
    package let files: RocksSecondary
    private let purpose: String
    private let keys: StoreKeys
    /// Made when a value is first asked for: what the files are, can be told without keys.
    private let reader = Mutex<(any OrderedReader)?>(nil)

    /// - Parameter purpose: of the store.
    init(_ files: RocksSecondary, purpose: String, keys: StoreKeys) {
        self.files = files
        self.purpose = purpose
        self.keys = keys
    }

    package var path: String { files.path }

    package var families: [Family] { files.families.filter { $0 != SealedStore.family } }

    package func value(of key: [UInt8], in family: Family) throws(StorageError) -> [UInt8]? {
        try opened().value(of: key, in: family)
    }

    package func cursor(
        over range: KeyRange, in family: Family, _ direction: Direction
    ) throws(StorageError) -> any StoreCursor {
        try opened().cursor(over: range, in: family, direction)
    }

    /// Reads what was written since the last time.
    package func catchUp() throws(StorageError) { try files.catchUp() }

    package func statistics() -> StoreStatistics {
        var statistics = files.statistics()
        statistics.families.removeAll { $0.family == SealedStore.family }
        return statistics
    }

    /// Reads all entries, compares all checksums on the way, and opens all values that are sealed.
    package func verify() throws(StorageError) -> VerificationReport {
        var report = try files.verify()
        report.families.removeAll { $0.family == SealedStore.family }
        for family in families {
            let cursor = try cursor(over: .all, in: family, .forward)
            while try cursor.next() != nil {}
        }
        return report
    }

    /// How far its sealing is; nil if it was never sealed.
    func facts() throws(StorageError) -> SealingFacts? {
        guard try SealedStore.isSealed(files) else { return nil }
        guard let sealing = try keys.forReading() else { throw keys.refusal(of: path) }
        return try SealingFacts(files, purpose: purpose, path: path, keys: sealing)
    }

    func isEmpty() throws(StorageError) -> Bool {
        for family in families {
            guard try files.entries(in: .all, of: family, limit: 1).isEmpty else { return false }
        }
        return true
    }

    private func opened() throws(StorageError) -> any OrderedReader {
        try reader.withLock { reader throws(StorageError) in
            if let reader { return reader }
            let made: any OrderedReader
            if let sealing = try keys.forReading() {
                made = try SealedReader(
                    files, families: files.families, purpose: purpose, path: path, keys: sealing)
            } else if try SealedStore.isSealed(files) {
                throw keys.refusal(of: path)
            } else {
                made = files
            }
            reader = made
            return made
        }
    }
}
