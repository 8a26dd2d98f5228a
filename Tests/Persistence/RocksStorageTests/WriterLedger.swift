import Foundation
import RocksStorage
import Storage
import TestSupport
import Testing

/// What StoreFixture's writers were told, beside what is in its store.
struct WriterLedger {
    static let entries = Family("entries")
    static let heads = Family("heads")
    static let old = Family("old")

    let path: String

    /// The last number of each writer that was acknowledged as durable.
    func acknowledged() throws -> [UInt8: UInt64] {
        var last: [UInt8: UInt64] = [:]
        let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            let writer = try #require(UInt8(words[0]))
            last[writer] = max(last[writer, default: 0], try #require(UInt64(words[1])))
        }
        return last
    }

    /// Reads the whole store: every writer's numbers are there without a gap and agree with its head.
    /// - Returns: the last number of each writer.
    func numbers(in store: any OrderedReader, _ title: String) throws -> [UInt8: UInt64] {
        var last: [UInt8: UInt64] = [:]
        let cursor = try store.cursor(over: .all, in: Self.entries, .forward)
        while let entry = try cursor.next() {
            let writer = entry.key[0]
            let found = number(entry.key.dropFirst())
            #expect(found == last[writer, default: 0] + 1, "\(title): a gap of writer \(writer)")
            #expect(SealedValue.isWhole(entry.value), "\(title): \(writer) \(found) is not whole")
            last[writer] = found
        }
        for entry in try store.entries(in: .all, of: Self.heads, limit: 99) {
            let head = number(entry.value.dropFirst())
            #expect(last[entry.key[0]] == head, "\(title): half a batch of writer \(entry.key[0])")
        }
        return last
    }

    /// Opens the store and compares it with the ledger.
    func check(_ store: String, _ title: String) throws {
        let store = try RocksStore(
            store, purpose: "test", families: [Self.entries, Self.heads, Self.old])
        let last = try numbers(in: store, title)
        for (writer, number) in try acknowledged() {
            #expect(last[writer, default: 0] >= number, "\(title): an acknowledged write is lost")
        }
        _ = try store.verify()
        try store.close()
    }

    private func number(_ bytes: some Collection<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
