import Identifiers
import SharedState
import Testing

@Suite("Eviction from the state table") struct EvictionTests {
    static func value(_ number: UInt64, _ length: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(truncatingIfNeeded: number &* 31 &+ number >> 8), count: length)
    }

    @Test("What is read again stays while a scan of keys that come once passes through") func scan() throws {
        let test = try TestTable(bytes: 1 << 20)
        let hot = Array(UInt64(0)..<400)
        for key in hot { try test.table.set(key, Self.value(key, 200)) }
        for round in 0..<20 {
            for key in hot { _ = test.table.contains(key) }
            for number in 0..<500 {
                let key = UInt64(1_000_000 + round * 500 + number)
                try test.table.set(key, Self.value(key, 200))
            }
        }
        #expect(test.reader.statistics.evictions > 5_000)
        for key in hot { #expect(test.reader.value(key)?.bytes == Self.value(key, 200)) }
    }

    @Test("A key that comes back soon after it left enters the main queue, and stays through the next scan")
    func ghosts() throws {
        let test = try TestTable(bytes: 1 << 20)
        let most = UInt64(test.table.plan.slotCount)
        for key in 0..<(most * 2) { try test.table.set(key, Self.value(key, 200)) }
        let returned = (most / 2)..<(most / 2 + 20)
        let gone = returned.filter { !test.reader.contains($0) }
        try #require(!gone.isEmpty)
        // The main queue has to be long enough for its ghosts: what is in it was read.
        for key in (most)..<(most * 2) {
            for _ in 0..<3 { _ = test.table.contains(key) }
        }
        for key in (most * 4)..<(most * 5) { try test.table.set(key, Self.value(key, 200)) }
        let late = ((most * 4)..<(most * 5)).filter { !test.reader.contains($0) }.suffix(10)
        for key in late { try test.table.set(key, Self.value(key, 200)) }
        for key in (most * 6)..<(most * 6 + most / 4) { try test.table.set(key, Self.value(key, 200)) }
        for key in late { #expect(test.reader.contains(key)) }
    }

    @Test("Pinned entries are never evicted, and no more than half can be pinned") func pinned() throws {
        let test = try TestTable(bytes: 1 << 20)
        var pinned: [UInt64] = []
        for key in UInt64(0)..<10_000 {
            if (try? test.table.set(key, Self.value(key, 500), isPinned: true)) == nil { break }
            pinned.append(key)
        }
        #expect(pinned.count > 300)
        #expect(test.reader.statistics.bytes < UInt64(test.table.plan.byteCount) * 6 / 10)
        #expect(throws: StateWriteError.full) {
            try test.table.set(UInt64(1) << 40, Self.value(0, 500), isPinned: true)
        }
        #expect(test.reader.statistics.refusals == 2)
        for key in UInt64(20_000)..<40_000 { try test.table.set(key, Self.value(key, 300)) }
        try test.table.set("large", Self.value(1, 60_000))
        for key in pinned { #expect(test.reader.value(key)?.bytes == Self.value(key, 500)) }
        #expect(test.reader.statistics.pinnedEntries == UInt64(pinned.count))
        for key in pinned { try test.table.set(key, Self.value(key, 500)) }
        #expect(test.reader.statistics.pinnedEntries == 0)
        try test.table.set("now", Self.value(1, 500), isPinned: true)
    }

    @Test("A table full of values of one size takes values of every other size") func mixture() throws {
        let test = try TestTable(bytes: 1 << 20, averageValueBytes: 250)
        for length in [20, 60_000, 100, 4096, 5000, 30, 2000, 65_536, 9, 700] {
            for key in UInt64(0)..<4000 {
                try test.table.set(key << 20 | UInt64(length), Self.value(key, length))
                #expect(test.reader.value(key << 20 | UInt64(length))?.bytes.count == length)
            }
            let statistics = test.reader.statistics
            let taken = statistics.bytes - statistics.entries * 80
            let pages = UInt64(test.table.plan.pageCount * 4096)
            // Small values run out of slots before they run out of pages.
            let slots = UInt64(test.table.plan.slotCount)
            #expect(taken > pages * 3 / 4 || statistics.entries > slots * 9 / 10, "\(length)")
        }
    }

    @Test("An entry that grows or shrinks takes the block it needs, and a refusal leaves it as it was")
    func growth() throws {
        let test = try TestTable(bytes: 200_000)
        for length in [8, 9, 300, 5000, 10, 0, 20_000, 8] {
            for key in UInt64(0)..<3 { try test.table.set(key, Self.value(key, length), isPinned: key == 0) }
            for key in UInt64(0)..<3 where key == 0 || length < 5000 {
                #expect(test.reader.value(key)?.bytes == Self.value(key, length))
            }
        }
        let before = try #require(test.reader.value(UInt64(0)))
        for key in UInt64(10)... {
            guard (try? test.table.set(key, Self.value(key, 9000), isPinned: true)) != nil else { break }
        }
        #expect(throws: StateWriteError.full) {
            try test.table.set(UInt64(0), Self.value(0, 20_000), isPinned: true)
        }
        #expect(test.reader.value(UInt64(0)) == before)
    }
}
