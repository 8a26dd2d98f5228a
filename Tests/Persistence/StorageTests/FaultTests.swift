import Storage
import StoreContract
import Testing

/// Work on a store that notes what was acknowledged, and what must then be found after a crash.
private struct Ledger {
    static let family = Family("ledger")
    static let writes = 24

    /// What the store held after each write that was acknowledged, and before the first.
    private(set) var states: [[UInt8: [UInt8]]] = [[:]]
    /// The number of the first state that a crash may leave.
    private(set) var durable = 0
    /// The state that the last write would have made, if it failed.
    private(set) var doubtful: [UInt8: [UInt8]]?

    static func batch(_ number: Int) -> WriteBatch {
        var batch = WriteBatch()
        let byte = UInt8(number)
        batch.put([UInt8](repeating: byte, count: 10 + number * 7), for: [byte % 5], in: family)
        batch.put([byte], for: [200], in: family)
        if number % 4 == 3 { batch.delete([byte % 3], in: family) }
        return batch
    }

    private static func applied(_ number: Int, to state: [UInt8: [UInt8]]) -> [UInt8: [UInt8]] {
        var state = state
        for operation in batch(number).operations {
            switch operation {
            case .put(_, let key, let value): state[key[0]] = value
            case .delete(_, let key): state[key[0]] = nil
            case .deleteRange: break
            }
        }
        return state
    }

    /// Opens the store and writes; it goes on after failures as long as the store does.
    mutating func work(_ disk: MemoryDisk) {
        guard let store = try? MemoryStore(disk, families: [Self.family]) else { return }
        for number in 0..<Self.writes {
            let isDurable = number % 3 == 0
            let next = Self.applied(number, to: states[states.count - 1])
            do {
                try store.write(Self.batch(number), isDurable ? .durable : .relaxed)
                states.append(next)
                doubtful = nil
                if isDurable { durable = states.count - 1 }
            } catch StorageError.stopped {
                return
            } catch StorageError.closed {
                doubtful = next
                return
            } catch { doubtful = next }
            if number % 7 == 6, (try? store.sync()) != nil { durable = states.count - 1 }
            // Readers see what was acknowledged, and nothing of what failed.
            let isSeen = (try? Self.contents(store)) == states[states.count - 1]
            #expect(isSeen, "after write \(number)")
        }
    }

    static func contents(_ store: any OrderedReader) throws -> [UInt8: [UInt8]] {
        let entries = try store.entries(in: .all, of: family, limit: 1000)
        return Dictionary(entries.map { ($0.key[0], $0.value) }) { first, _ in first }
    }

    func check(_ disk: MemoryDisk, _ title: String) throws {
        let found = try Self.contents(MemoryStore(disk, families: [Self.family]))
        let allowed = states[durable...] + (doubtful.map { [$0] } ?? [])
        let isAllowed = allowed.contains(found)
        #expect(isAllowed, "\(title): \(found.count) keys, the last \(found[200] ?? [])")
    }
}

@Suite("Faults of the disk under a store in memory") struct FaultTests {
    static let faults: [DiskFault] = [
        .kill, .noSpace, .inputOutput, .shortWrite(bytes: 0), .shortWrite(bytes: 5), .shortWrite(bytes: 40),
    ]

    private static func operations() -> Int {
        let disk = MemoryDisk()
        var ledger = Ledger()
        ledger.work(disk)
        return disk.operations
    }

    @Test(
        "leave every acknowledged durable write and a first part of the others, at every operation",
        arguments: faults)
    func everyOperation(_ fault: DiskFault) throws {
        let count = Self.operations()
        #expect(count > Ledger.writes)
        for operation in 1...count {
            for kept in [0, 1, 30, .max] {
                let disk = MemoryDisk()
                disk.fail(operation: operation, fault)
                var ledger = Ledger()
                ledger.work(disk)
                disk.restart(keepingUnsynced: kept)
                try ledger.check(disk, "\(fault) at \(operation), \(kept) bytes kept")
            }
        }
    }

    @Test("may come twice: the repair of a write that failed can fail too", arguments: faults)
    func twice(_ fault: DiskFault) throws {
        for operation in 1...Self.operations() {
            let disk = MemoryDisk()
            disk.fail(operation: operation, .shortWrite(bytes: 7))
            disk.fail(operation: operation + 1, fault)
            var ledger = Ledger()
            ledger.work(disk)
            disk.restart(keepingUnsynced: .max)
            try ledger.check(disk, "\(fault) after \(operation)")
        }
    }

    @Test("that cost what was not synced leave whole batches, however much is lost") func lostWrites() throws
    {
        let disk = MemoryDisk()
        let store = try MemoryStore(disk, families: [Ledger.family])
        for number in 0..<6 { try store.write(Ledger.batch(number), .relaxed) }
        for lost in stride(from: disk.unsyncedBytes, through: 0, by: -1) {
            let copy = MemoryDisk()
            let twin = try MemoryStore(copy, families: [Ledger.family])
            for number in 0..<6 { try twin.write(Ledger.batch(number), .relaxed) }
            copy.restart(keepingUnsynced: lost)
            let found = try MemoryStore(copy, families: [Ledger.family])
            let last = try found.value(of: [200], in: Ledger.family)?.first
            let value = try last.map { try found.value(of: [$0 % 5], in: Ledger.family) }
            #expect(last == nil || value != .some(nil))
        }
    }

    @Test("that flip a bit are found, at every byte of the log") func everyByte() throws {
        let disk = MemoryDisk()
        let store = try MemoryStore(disk, families: [Ledger.family])
        for number in 0..<5 { try store.write(Ledger.batch(number), .relaxed) }
        try store.close()
        for offset in 0..<disk.bytes {
            for bits in [0x01, 0x80, 0xFF] as [UInt8] {
                disk.flip(bits: bits, at: offset)
                let error = #expect(throws: StorageError.self) {
                    _ = try MemoryStore(disk, families: [Ledger.family])
                }
                #expect(error?.isCorruption == true, "byte \(offset)")
                disk.flip(bits: bits, at: offset)
            }
        }
        _ = try MemoryStore(disk, families: [Ledger.family])
    }

    @Test("A full disk refuses writes and reads on, and takes smaller ones that fit") func full() throws {
        let disk = MemoryDisk(capacityBytes: 500)
        let store = try MemoryStore(disk, families: [Ledger.family])
        try store.write(Ledger.batch(0), .durable)
        var batch = WriteBatch()
        batch.put([UInt8](repeating: 1, count: 600), for: [9], in: Ledger.family)
        #expect(throws: StorageError.noSpace(.write)) { try store.write(batch, .durable) }
        #expect(try store.value(of: [9], in: Ledger.family) == nil)
        try store.write(Ledger.batch(1), .durable)
        try store.close()
        let again = try MemoryStore(disk, families: [])
        #expect(try again.value(of: [200], in: Ledger.family) == [1])
    }
}
