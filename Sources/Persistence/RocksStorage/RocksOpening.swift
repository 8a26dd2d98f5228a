import CRocksDB
import Foundation
import Storage

/// Opens databases with all the column families that they have.
struct RocksOpening {
    /// RocksDB's answers to a log that isn't whole.
    private enum LogRule: Int32 {
        /// It refuses.
        case whole = 1
        /// It takes what was written before the first damage, and nothing after.
        case firstPart = 2
    }

    let path: String
    let settings: RocksSettings

    /// - Throws: `locked`, `corrupt`, `noSpace`, `inputOutput`.
    func primary(_ families: [Family], isNew: Bool) throws(StorageError) -> (RocksHandle, OpenReport) {
        let options = RocksOptions(settings)
        unsafe rocksdb_options_set_create_if_missing(options.pointer, 1)
        unsafe rocksdb_options_set_create_missing_column_families(options.pointer, 1)
        let names = try names(options, families)
        try Failpoint.storeOpening.reach()
        let found: (RocksHandle, OpenReport)
        do {
            found = (try primary(options, names, .whole), isNew ? .made : .whole)
        } catch {
            guard case .corrupt(_, let detail) = error else { throw error }
            found = (try primary(options, names, .firstPart), .cutShort(detail: detail))
        }
        try Failpoint.storeOpened.reach()
        return found
    }

    /// A reader beside the one that writes; its own log of messages goes to `scratch`.
    func secondary(scratch: String) throws(StorageError) -> RocksHandle {
        let options = RocksOptions(settings)
        return unsafe try open(options, names(options, [])) { names, columns, handles, error in
            unsafe rocksdb_open_as_secondary_column_families(
                options.pointer, path, scratch, Int32(names.count), names.baseAddress,
                columns.baseAddress, handles.baseAddress, error)
        }
    }

    private func primary(
        _ options: RocksOptions, _ names: [String], _ rule: LogRule
    ) throws(StorageError) -> RocksHandle {
        unsafe rocksdb_options_set_wal_recovery_mode(options.pointer, rule.rawValue)
        return unsafe try open(options, names) { names, columns, handles, error in
            unsafe rocksdb_open_column_families(
                options.pointer, path, Int32(names.count), names.baseAddress, columns.baseAddress,
                handles.baseAddress, error)
        }
    }

    /// Those that are there and those asked for, with the database's own first.
    private func names(_ options: RocksOptions, _ families: [Family]) throws(StorageError) -> [String] {
        var names = ["default"]
        if FileManager.default.fileExists(atPath: path + "/CURRENT") {
            var count = 0
            let list = unsafe try RocksFailure.check(.open, path: path) { error in
                unsafe rocksdb_list_column_families(options.pointer, path, &count, error)
            }
            for index in 0..<count {
                if let name = unsafe list?[index] { unsafe names.append(String(cString: name)) }
            }
            unsafe rocksdb_list_column_families_destroy(list, count)
        }
        for family in families { names.append(try family.checked().name) }
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    private typealias Names = UnsafeMutableBufferPointer<UnsafePointer<CChar>?>
    private typealias Handles = UnsafeMutableBufferPointer<OpaquePointer?>

    private func open(
        _ options: RocksOptions, _ names: [String],
        _ call: (Names, Handles, Handles, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) ->
            OpaquePointer?
    ) throws(StorageError) -> RocksHandle {
        let texts = unsafe names.map { unsafe strdup($0) }
        defer { for index in names.indices { unsafe free(texts[index]) } }
        var pointers = unsafe texts.map { unsafe UnsafePointer($0) }
        var columns: [OpaquePointer?] = unsafe names.map { _ in unsafe options.pointer }
        var handles: [OpaquePointer?] = unsafe names.map { _ in nil }
        let database = unsafe try RocksFailure.check(.open, path: path) { error in
            unsafe pointers.withUnsafeMutableBufferPointer { pointers in
                unsafe columns.withUnsafeMutableBufferPointer { columns in
                    unsafe handles.withUnsafeMutableBufferPointer { handles in
                        unsafe call(pointers, columns, handles, error)
                    }
                }
            }
        }
        guard let database = unsafe database else {
            throw .inputOutput(.open, detail: "\(path) did not open, without a reason")
        }
        return unsafe RocksHandle(
            path: path, database: database, names: names, handles: handles.compactMap { unsafe $0 })
    }
}
