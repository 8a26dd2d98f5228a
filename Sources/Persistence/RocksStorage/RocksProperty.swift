import CRocksDB
import Storage

extension RocksHandle {
    /// What RocksDB lists of each family's sorted files, with their numbers and ranges.
    func files() -> [String] {
        unsafe families.keys.sorted { $0.name < $1.name }.map { family in
            "\(family.name): \(text("sstables", of: family) ?? "")"
        }
    }

    func text(_ property: String, of family: Family) -> String? {
        guard let column = unsafe families[family],
            let text = unsafe rocksdb_property_value_cf(database, column, "rocksdb." + property)
        else { return nil }
        defer { unsafe rocksdb_free(text) }
        return unsafe String(cString: text)
    }

    /// - Returns: 0 for a property that RocksDB doesn't know.
    func number(_ property: String, of family: Family) -> UInt64 {
        var value: UInt64 = 0
        guard let column = unsafe families[family],
            unsafe rocksdb_property_int_cf(database, column, "rocksdb." + property, &value) == 0
        else { return 0 }
        return value
    }

    func number(_ property: String) -> UInt64 {
        var value: UInt64 = 0
        return unsafe rocksdb_property_int(database, "rocksdb." + property, &value) == 0 ? value : 0
    }
}
