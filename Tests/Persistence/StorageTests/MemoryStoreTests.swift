import Storage
import StoreContract
import Testing

@Suite("Stores in memory") struct MemoryStoreTests {
    @Test("keep the contract of stores", arguments: StoreContract.clauses)
    func contract(_ clause: Clause) throws {
        let disk = MemoryDisk()
        try clause.check(Subject { try MemoryStore(disk, families: $0) })
    }

    @Test("are what their writes say", arguments: [1, 2, 3] as [UInt64]) func model(seed: UInt64) throws {
        let disk = MemoryDisk()
        try RandomWork.check(Subject { try MemoryStore(disk, families: $0) }, seed: seed, steps: 300)
    }

    @Test("keep their log in proportion to what they hold") func shortened() throws {
        let disk = MemoryDisk()
        let family = Family("a")
        let store = try MemoryStore(disk, families: [family])
        var batch = WriteBatch()
        batch.put([UInt8](repeating: 7, count: 1000), for: [1], in: family)
        for _ in 0..<1000 { try store.write(batch, .relaxed) }
        #expect(disk.bytes < 100_000)
        try store.close()
        let again = try MemoryStore(disk, families: [])
        #expect(try again.value(of: [1], in: family)?.count == 1000)
    }
}
