import Synchronization
import Testing

@testable import Storage

@Suite("The keeper of a store") struct StoreKeeperTests {
    private static let family = Family("notes")
    private static let second: UInt64 = 1_000_000_000

    private let home = MemoryHome()
    private let events = Events()

    private final class Events: Sendable {
        private let list = Mutex<[StoreEvent]>([])
        var all: [StoreEvent] { list.withLock { $0 } }
        func add(_ event: StoreEvent) { list.withLock { $0.append(event) } }
    }

    private func keeper(checkpoints interval: Duration = .zero) -> StoreKeeper {
        StoreKeeper(
            home, families: [Self.family], checkpointInterval: interval, wallMicroseconds: { 77 },
            tell: { [events] in events.add($0) })
    }

    private func batch(_ byte: UInt8) -> WriteBatch {
        var batch = WriteBatch()
        batch.put([byte], for: [byte], in: Self.family)
        return batch
    }

    private func fault(of body: () throws(StorageError) -> Void) -> StorageError? {
        do throws(StorageError) { try body() } catch { return error }
        return nil
    }

    @Test("tells the cause, whichever of its users reports first") func cause() throws {
        let keeping = Keeping([Self.family], wallMicroseconds: { 77 }, tell: { [events] in events.add($0) })
        let disk = MemoryDisk()
        keeping.note(opened: try MemoryStore(disk, families: [Self.family]))
        keeping.failed(.stopped, 1)
        #expect(keeping.status.fault == .stopped)
        keeping.failed(.noSpace(.write), 1)
        #expect(keeping.status.fault == .noSpace(.write))
        keeping.failed(.inputOutput(.write, detail: "late"), 1)
        #expect(keeping.status.fault == .noSpace(.write), "the first cause stays")
        #expect(keeping.takeFailed().count == 1)
        keeping.note(opened: try MemoryStore(disk, families: [Self.family]))
        keeping.failed(.noSpace(.write), 1)
        #expect(keeping.status.fault == nil, "what an opening that is over says is no news")
    }

    @Test("lends the store that it opened, and says why while there is none") func lends() throws {
        let keeper = self.keeper()
        #expect(fault { () throws(StorageError) in try keeper.store.sync() } == .closed)
        home.refuse(.noSpace(.open))
        #expect(keeper.turn(now: 0) == Self.second)
        #expect(fault { () throws(StorageError) in try keeper.store.sync() } == .noSpace(.open))
        #expect(keeper.status.sinceMicroseconds == 77 && !keeper.status.isOpen)
        home.refuse(nil)
        _ = keeper.turn(now: Self.second - 1)
        #expect(!keeper.status.isOpen, "it tries again after a second")
        _ = keeper.turn(now: Self.second)
        try keeper.store.write(batch(1), .durable)
        #expect(try keeper.store.value(of: [1], in: Self.family) == [1])
        #expect(keeper.status.isOpen && keeper.status.fault == nil && keeper.status.openings == 1)
        #expect(events.all == [.failed(.noSpace(.open)), .recovered])
    }

    @Test("opens it anew a second after a write failed, for all users and with what was written") func anew()
        throws
    {
        for fault in [DiskFault.noSpace, .inputOutput, .shortWrite(bytes: 3)] {
            let home = MemoryHome()
            let keeper = StoreKeeper(home, families: [Self.family], wallMicroseconds: { 5 })
            _ = keeper.turn(now: 0)
            try keeper.store.write(batch(1), .durable)
            home.disk.fail(operation: home.disk.operations + 1, fault)
            #expect(throws: StorageError.self) { try keeper.store.write(batch(2), .durable) }
            #expect(keeper.status.fault != nil && !keeper.status.isOpen)
            #expect(throws: StorageError.self) { try keeper.store.write(batch(3), .durable) }
            #expect(keeper.turn(now: Self.second) == Self.second, "that long it is closed")
            _ = keeper.turn(now: 2 * Self.second)
            #expect(keeper.status.isOpen && keeper.status.openings == 2)
            try keeper.store.write(batch(4), .durable)
            #expect(try keeper.store.value(of: [1], in: Self.family) == [1])
            #expect(try keeper.store.value(of: [3], in: Self.family) == nil)
        }
    }

    @Test("takes a refused write for the writer's mistake") func refusal() throws {
        let keeper = self.keeper()
        _ = keeper.turn(now: 0)
        var strange = WriteBatch()
        strange.put([1], for: [1], in: Family("strange"))
        #expect(
            fault { () throws(StorageError) in try keeper.store.write(strange, .relaxed) }
                == .unknownFamily("strange"))
        #expect(keeper.status.isOpen && keeper.status.openings == 1 && events.all.isEmpty)
    }

    @Test("is told once of what many saw fail, and not of an opening that is over") func reports() throws {
        let keeping = Keeping([Self.family], wallMicroseconds: { 9 }, tell: { [events] in events.add($0) })
        keeping.note(opened: try home.open([Self.family]))
        let first = try keeping.opened()
        keeping.failed(.noSpace(.write), first.number)
        keeping.failed(.stopped, first.number)
        #expect(keeping.takeFailed().count == 1)
        keeping.note(opened: try home.open([Self.family]))
        keeping.failed(.stopped, first.number)
        #expect(keeping.status.isOpen && keeping.status.openings == 2)
        #expect(events.all == [.failed(.noSpace(.write)), .recovered])
    }

    @Test("lets many threads write through failures of the disk; each acknowledged write is there")
    func many() async throws {
        let keeper = self.keeper()
        for operation in stride(from: 9, to: 200, by: 17) {
            home.disk.fail(operation: operation, operation % 2 == 0 ? .inputOutput : .noSpace)
        }
        let isOver = Mutex(false)
        async let opener: Void = {
            var now: UInt64 = 0
            while !isOver.withLock({ $0 }) {
                _ = keeper.turn(now: now)
                now += 2 * Self.second
                try? await Task.sleep(for: .milliseconds(1))
            }
        }()
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for number in 0..<25 {
                        let batch = batch(UInt8(writer * 25 + number))
                        while (try? keeper.store.write(batch, .durable)) == nil {
                            try? await Task.sleep(for: .milliseconds(1))
                        }
                    }
                }
            }
        }
        isOver.withLock { $0 = true }
        await opener
        let store = try MemoryStore(home.disk, families: [Self.family])
        #expect(try store.entries(in: .all, of: Self.family, limit: 200).count == 100)
        #expect(keeper.status.openings > 1)
    }

    @Test("copies the store each time that its interval has passed, later while it is away") func copies() {
        let keeper = self.keeper(checkpoints: .seconds(10))
        #expect(keeper.turn(now: 0) == 10 * Self.second)
        for second in 1...35 { _ = keeper.turn(now: UInt64(second) * Self.second) }
        #expect(keeper.status.checkpoints == 3 && home.checkpoints.count == 3)
        home.refuse(.noSpace(.checkpoint))
        _ = keeper.turn(now: 40 * Self.second)
        #expect(events.all == [.noCheckpoint(.noSpace(.checkpoint))] && keeper.status.isOpen)
    }

    @Test("opens on a thread of its own, and syncs and closes at the end") func thread() throws {
        let keeper = self.keeper()
        keeper.start()
        #expect(keeper.waitUntilOpen(atMost: .seconds(60)))
        try keeper.store.write(batch(1), .relaxed)
        #expect(home.disk.unsyncedBytes > 0)
        try keeper.checkpoint(to: "copy")
        try keeper.compact()
        #expect(home.checkpoints == ["copy"] && home.compactions == 1)
        keeper.stop()
        keeper.stop()
        #expect(home.disk.unsyncedBytes == 0)
        #expect(fault { () throws(StorageError) in try keeper.store.sync() } == .closed)
    }
}
