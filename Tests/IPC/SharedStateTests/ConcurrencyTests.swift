import SharedMemory
import SharedState
import Synchronization
import TestSupport
import Testing

/// Counts the threads that are done.
final class Flags: Sendable {
    private let word = Atomic<Int>(0)

    var count: Int { word.load(ordering: .acquiring) }
    func raise() { word.wrappingAdd(1, ordering: .releasing) }
}

@Suite("Threads on one state table") struct ConcurrencyTests {
    @Test("No reader ever sees a mixture of two values, while threads write, remove and evict")
    func values() throws {
        let test = try TestTable(bytes: 1 << 18)
        let (table, reader) = (test.table, test.reader)
        let done = Flags()
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        let found = onThreads(4) { thread in
            var random = SeededGenerator(seed: seed &+ UInt64(thread))
            if thread < 2 {
                for _ in 0..<8000 { Self.write(table, &random) }
                done.raise()
                return 0
            }
            var found = 0
            // What is left when the writers are done is read too, by a thread that got its turn only then.
            while done.count < 2 || found == 0 {
                let key = Self.key(&random)
                let value = thread == 2 ? table.value(key) : reader.value(key)
                guard let value else { continue }
                found += 1
                #expect(SealedValue.isWhole(value.bytes), "seed \(seed), \(key)")
                #expect(value.version.isMultiple(of: 2))
            }
            return found
        }
        #expect(found[2] > 0 && found[3] > 0)
        #expect(reader.statistics.evictions > 0)
    }

    static func write(_ table: StateTable, _ random: inout SeededGenerator) {
        guard !random.chance(10) else {
            table.remove(key(&random))
            return
        }
        let most = random.chance(3) ? 9000 : random.chance(50) ? 8 : 600
        let value = SealedValue.make(random.next(), length: Int.random(in: 8...most, using: &random))
        _ = try? table.set(key(&random), value, isPinned: random.chance(2))
    }

    static func key(_ random: inout SeededGenerator) -> StoredKey {
        let number = UInt64.random(in: 0..<700, using: &random)
        return number.isMultiple(of: 2) ? .word(number) : .bytes(Array("key \(number)".utf8))
    }

    @Test("Counters are exact, by adding and by swapping, whatever else is written") func counters() throws {
        let test = try TestTable()
        let table = test.table
        let (threads, rounds) = (4, 3000)
        _ = onThreads(threads) { thread in
            for round in 0..<rounds {
                _ = try? table.add("added", 1, isPinned: true)
                _ = try? table.add(UInt64(1), -1, isPinned: true)
                Self.swapUp(table)
                _ = try? table.set("other \(thread) \(round)", [UInt8](repeating: 1, count: 100))
            }
        }
        #expect(test.reader.counter("added")?.value == Int64(threads * rounds))
        #expect(test.reader.counter(UInt64(1))?.value == -Int64(threads * rounds))
        #expect(test.reader.counter("swapped")?.value == Int64(threads * rounds))
    }

    /// Adds one to a counter by swapping its value; lock-free in the sense that one of the threads gets on.
    static func swapUp(_ table: StateTable) {
        while true {
            let known = table.counter("swapped")
            let next = UInt64(bitPattern: (known?.value ?? 0) + 1)
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: next >> UInt64($0 * 8)) }
            let outcome = try? table.compareAndSwap(
                "swapped", expected: known?.version ?? 0, bytes, isPinned: true)
            if case .swapped = outcome { return }
        }
    }
}
