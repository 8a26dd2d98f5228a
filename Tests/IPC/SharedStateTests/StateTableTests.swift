import Identifiers
import SharedMemory
import SharedState
import Testing

@Suite("State table") struct StateTableTests {
    static let keys: [StoredKey] = [
        .word(0), .word(7), .word(.max), .bytes([]), .bytes([7]), .bytes(Array("stat/files/read".utf8)),
        .bytes(Array(repeating: 0, count: 8)), .bytes(Array(repeating: 255, count: 255)),
    ]
    static let lengths = [0, 1, 7, 8, 9, 64, 255, 4096, 65_536]

    @Test("What the owner sets any mapping of the segment reads, of every length, under both kinds of key")
    func lengths() throws {
        let test = try TestTable()
        for key in Self.keys {
            for length in Self.lengths {
                let value = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ length) }
                let version = try test.table.set(key, value)
                #expect(test.reader.value(key) == VersionedBytes(bytes: value, version: version))
                #expect(test.table.value(key) == VersionedBytes(bytes: value, version: version))
            }
        }
        #expect(test.reader.statistics.entries == UInt64(Self.keys.count))
        #expect(Set(test.reader.snapshot().map(\.key)) == Set(Self.keys))
    }

    @Test("A number and its bytes are different keys, and what was removed is absent") func removal() throws {
        let test = try TestTable()
        try test.table.set(UInt64(1), [1])
        try test.table.set([UInt8](arrayLiteral: 1, 0, 0, 0, 0, 0, 0, 0), [2])
        #expect(test.table.remove(UInt64(1)))
        #expect(!test.table.remove(UInt64(1)))
        #expect(test.reader.value(UInt64(1)) == nil)
        #expect(test.reader.value([UInt8](arrayLiteral: 1, 0, 0, 0, 0, 0, 0, 0))?.bytes == [2])
        #expect(test.reader.statistics.entries == 1)
        #expect(!test.table.remove([UInt8](arrayLiteral: 1, 0, 0, 0, 0, 0, 0, 0), expected: 1))
    }

    @Test("A swap happens only at the expected version, and versions only grow, also of a key that went away")
    func swaps() throws {
        let test = try TestTable()
        guard case .swapped(let first) = try test.table.compareAndSwap("key", expected: 0, [1]) else {
            Issue.record("a key without an entry has the version 0")
            return
        }
        #expect(try test.table.compareAndSwap("key", expected: 0, [2]) == .conflict(version: first))
        let second = try test.table.set("key", [3])
        #expect(try test.table.compareAndSwap("key", expected: first, [4]) == .conflict(version: second))
        test.table.remove("key")
        #expect(try test.table.compareAndSwap("key", expected: second, [5]) == .conflict(version: 0))
        let third = try test.table.set("key", [6])
        #expect(first.isMultiple(of: 2) && first > 0 && first < second && second < third)
    }

    @Test("Counters add, wrap around, and refuse an entry that is none") func counters() throws {
        let test = try TestTable()
        #expect(try test.table.add("calls", 5) == 5)
        #expect(try test.table.add("calls", -7) == -2)
        #expect(test.reader.counter("calls")?.value == -2)
        #expect(try test.table.add(UInt64(9), .max) == .max)
        #expect(try test.table.add(UInt64(9), 1) == .min)
        #expect(test.reader.counter(UInt64(9))?.value == .min)
        try test.table.set("text", [1, 2, 3])
        #expect(throws: StateWriteError.notACounter(bytes: 3)) { try test.table.add("text", 1) }
        #expect(test.reader.counter("text") == nil)
    }

    @Test("An entry is absent from its expiry on, for readers, swaps and counters") func expiry() throws {
        let test = try TestTable()
        let before = MonotonicTime(nanoseconds: 99)
        let at = MonotonicTime(nanoseconds: 100)
        let first = try test.table.set("key", [1], expiry: at, now: before)
        #expect(test.reader.value("key", now: before)?.bytes == [1])
        #expect(test.reader.value("key", now: at) == nil)
        #expect(test.reader.snapshot(now: at).isEmpty)
        #expect(
            try test.table.compareAndSwap("key", expected: first, [2], now: at) == .conflict(version: 0))
        try test.table.set("count", Array(repeating: 1, count: 8), expiry: at, now: before)
        #expect(try test.table.add("count", 3, now: at) == 3)
        #expect(test.reader.counter("count", now: at)?.value == 3)
        #expect(test.table.sweep(now: at) == 1)
        #expect(test.reader.statistics.entries == 1)
        #expect(test.reader.statistics.expirations == 1)
        try test.table.set("long ago", [1], expiry: MonotonicTime(nanoseconds: 0))
        #expect(test.reader.value("long ago") == nil)
    }

    @Test("Keys and values that are too long are refused, and change nothing") func limits() throws {
        let test = try TestTable(bytes: 200_000)
        let most = test.table.plan.mostValueBytes
        #expect(most < 65_536)
        try test.table.set("key", Array(repeating: 1, count: most))
        #expect(throws: StateWriteError.valueTooLong(bytes: most + 1, most: most)) {
            try test.table.set("key", Array(repeating: 2, count: most + 1))
        }
        #expect(throws: StateWriteError.keyTooLong(bytes: 256, most: 255)) {
            try test.table.set([UInt8](repeating: 1, count: 256), [])
        }
        #expect(test.reader.value("key")?.bytes == Array(repeating: 1, count: most))
        #expect(test.reader.value([UInt8](repeating: 1, count: 256)) == nil)
    }
}
