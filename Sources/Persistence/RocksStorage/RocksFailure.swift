import CRocksDB
import Storage

/// RocksDB's account of a failure, which its C interface gives as text: `Kind: details`.
enum RocksFailure {
    /// Calls RocksDB and throws what it reports.
    static func check<Result>(
        _ activity: StorageError.Activity, path: String,
        _ call: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) throws(StorageError) -> Result {
        var text: UnsafeMutablePointer<CChar>? = nil
        let result = unsafe call(&text)
        guard let text = unsafe text else { return result }
        let message = unsafe String(cString: text)
        unsafe rocksdb_free(text)
        throw error(message, activity, path: path)
    }

    static func error(_ message: String, _ activity: StorageError.Activity, path: String) -> StorageError {
        if message.contains("/LOCK: ") || message.hasPrefix("IO error: lock ") {
            return .locked(path: path)
        }
        if message.contains("No space left on device") || message.hasPrefix("IO error: Out of space") {
            return .noSpace(activity)
        }
        if message.hasPrefix("Corruption") { return .corrupt(activity, detail: message) }
        return .inputOutput(activity, detail: message)
    }
}
