import Synchronization

/// What one would write without a table: a dictionary behind a lock, for this process alone.
final class DictionaryContender: StateContender {
    static let name = "Mutex<Dictionary>"
    private let texts: Mutex<[String: [UInt8]]>
    private let words: Mutex<[UInt64: UInt64]>

    init(keys: Int) {
        texts = Mutex(Dictionary(minimumCapacity: keys))
        words = Mutex(Dictionary(minimumCapacity: keys))
    }

    func removeAll(texts keys: [String]) { texts.withLock { $0.removeAll(keepingCapacity: true) } }

    /// The value is copied, as the others copy it.
    func set(_ key: String, _ value: [UInt8]) {
        // Proof: the capacity is the count, and that many bytes are copied.
        let copy = unsafe [UInt8](unsafeUninitializedCapacity: value.count) { target, count in
            count = value.count
            unsafe value.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(target).copyMemory(from: $0) }
        }
        texts.withLock { $0[key] = copy }
    }

    func get(_ key: String, into target: UnsafeMutableRawBufferPointer) {
        guard let value = texts.withLock({ $0[key] }) else { return }
        // Proof: the target has room for a value.
        unsafe value.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
    }

    func remove(_ key: String) { texts.withLock { $0[key] = nil } }
    func set(_ key: UInt64, _ value: UInt64) { words.withLock { $0[key] = value } }
    func get(_ key: UInt64) -> UInt64 { words.withLock { $0[key] } ?? 0 }
}
