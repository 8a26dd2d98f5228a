import Foundation
import RocksStorage
import Storage
import TestSupport
import Testing

@Suite("A process with a store that is killed") struct CrashTests {
    static let kills = 36
    static let entries = Family("entries")
    static let heads = Family("heads")

    let folder: PrivateFolder
    let path: String
    let ledger: String

    init() throws {
        folder = try PrivateFolder()
        path = folder.path + "/s"
        ledger = folder.path + "/ledger"
    }

    /// The last number of each writer that was acknowledged as durable.
    private func acknowledged() throws -> [UInt8: UInt64] {
        var last: [UInt8: UInt64] = [:]
        let text = String(decoding: FileManager.default.contents(atPath: ledger) ?? Data(), as: UTF8.self)
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            let writer = try #require(UInt8(words[0]))
            last[writer] = max(last[writer, default: 0], try #require(UInt64(words[1])))
        }
        return last
    }

    private func number(_ bytes: some Collection<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Reads the whole store and compares it with the ledger.
    private func check(_ title: String) throws {
        let store = try RocksStore(path, purpose: "test", families: [Self.entries, Self.heads])
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
        for (writer, number) in try acknowledged() {
            #expect(last[writer, default: 0] >= number, "\(title): an acknowledged write is lost")
        }
        try store.close()
    }

    @Test("leaves every acknowledged durable write, and of the others a first part without gaps, 36 times")
    func kills() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("crash test: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for kill in 0..<Self.kills {
            let process = try FixtureProcess("StoreFixture", "write", path, ledger, "\(kill)")
            // One in four dies while it opens and recovers, the others under load.
            let isUnderLoad = !generator.chance(25)
            if isUnderLoad { try #require(process.line().hasPrefix("writing ")) }
            usleep(UInt32.random(in: 0...60_000, using: &generator))
            process.killed()
            if kill % 3 == 2 { try check("seed \(seed), kill \(kill)") }
        }
        try check("seed \(seed), the end")
        #expect(try acknowledged().count == 4)
    }
}
