import Foundation
import SharedState

/// Attune's state table, in memory that other processes could map.
struct TableContender: StateContender {
    static let name = "StateTable"
    private let texts: StateTable
    private let words: StateTable

    init(keys: Int) {
        texts = Self.table(bytes: keys * 400 + (1 << 20), averageValueBytes: 288)
        words = Self.table(bytes: keys * 96 + (1 << 20), averageValueBytes: 1)
    }

    private static func table(bytes: Int, averageValueBytes: Int) -> StateTable {
        // Proof: a new mapping of that size, all zeros, which is never unmapped.
        guard let base = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0),
            let table = try? unsafe StateTable(
                base: base, byteCount: bytes, averageValueBytes: averageValueBytes)
        else { fatalError("no memory for the table") }
        return table
    }

    func removeAll(texts keys: [String]) { for key in keys { texts.remove(key) } }

    @inline(__always)
    func set(_ key: String, _ value: [UInt8]) {
        guard (try? texts.set(key, value)) != nil else { fatalError("the table is full") }
    }

    @inline(__always)
    func get(_ key: String, into target: UnsafeMutableRawBufferPointer) {
        // Proof: the caller lends the target for the call.
        _ = unsafe texts.copyValue(key, into: target)
    }

    @inline(__always)
    func remove(_ key: String) { texts.remove(key) }

    @inline(__always)
    func set(_ key: UInt64, _ value: UInt64) {
        // Proof: the span of a local value, read during the call.
        let written = unsafe withUnsafeBytes(of: value) { bytes in try? unsafe words.set(key, bytes.bytes) }
        guard written != nil else { fatalError("the table is full") }
    }

    @inline(__always)
    func get(_ key: UInt64) -> UInt64 { UInt64(bitPattern: words.counter(key)?.value ?? 0) }
}
