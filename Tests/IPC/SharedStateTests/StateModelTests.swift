import Identifiers
import SharedState
import TestSupport
import Testing

/// Thousands of seeded operations on a table that is too small for them, each judged by a dictionary.
@Suite("State table beside a model") struct StateModelTests {
    /// What the model knows of a key.
    struct Expected {
        var value: [UInt8]
        var version: UInt64
        var expiry: UInt64
        var isPinned: Bool
    }

    struct Run {
        let test: TestTable
        var random: SeededGenerator
        var model: [StoredKey: Expected] = [:]
        var now: UInt64 = 1000
        let keyCount: Int
        let mostLength: Int

        var time: MonotonicTime { MonotonicTime(nanoseconds: now) }

        mutating func key() -> StoredKey {
            let number = UInt64.random(in: 0..<UInt64(keyCount), using: &random)
            guard number.isMultiple(of: 2) else { return .word(number) }
            return .bytes(Array("key/\(number)".utf8) + Array(repeating: 7, count: Int(number % 40)))
        }

        mutating func value() -> [UInt8] {
            let length = random.chance(5) ? mostLength : random.chance(50) ? 8 : min(300, mostLength)
            return random.bytes(Int.random(in: 0...length, using: &random))
        }

        mutating func expiry() -> MonotonicTime? {
            random.chance(20) ? MonotonicTime(nanoseconds: now + .random(in: 1...500, using: &random)) : nil
        }

        /// What the model holds of a key, without what has expired.
        func live(_ key: StoredKey) -> Expected? {
            model[key].flatMap { $0.expiry != 0 && $0.expiry <= now ? nil : $0 }
        }

        mutating func step() throws {
            now += .random(in: 0...3, using: &random)
            let key = key()
            // Eviction is the one thing that the model can't foresee; it is seen here and nowhere else.
            let found = test.table.value(key, now: time)
            if let found {
                let known = try #require(live(key), "\(key) came from nowhere")
                #expect(found.bytes == known.value && found.version == known.version)
            } else if let known = live(key) {
                #expect(!known.isPinned, "\(key) was pinned")
                model[key] = nil
            }
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5: set(key)
            case 5: try swap(key, found)
            case 6: try add(key)
            case 7: remove(key)
            case 8: test.table.sweep(slots: 8, now: time)
            default: #expect(test.reader.value(key, now: time) == found)
            }
        }

        mutating func set(_ key: StoredKey) {
            let (value, expiry, isPinned) = (value(), expiry(), random.chance(3))
            let outcome = Result { () throws(StateWriteError) in
                try test.table.set(key, value, expiry: expiry, isPinned: isPinned, now: time)
            }
            switch outcome {
            case .success(let version):
                model[key] = Expected(
                    value: value, version: version, expiry: expiry?.nanoseconds ?? 0, isPinned: isPinned)
            case .failure(let error): #expect(error == .full)
            }
        }

        mutating func swap(_ key: StoredKey, _ found: VersionedBytes?) throws {
            let version = found?.version ?? 0
            let expected = random.chance(70) ? version : version + 2
            let value = value()
            guard let outcome = try? test.table.compareAndSwap(key, expected: expected, value, now: time)
            else { return }
            switch outcome {
            case .swapped(let new):
                #expect(expected == version)
                model[key] = Expected(value: value, version: new, expiry: 0, isPinned: false)
            case .conflict(let current): #expect(expected != version && current == version)
            }
        }

        mutating func add(_ key: StoredKey) throws {
            let before = live(key)
            let outcome = Result { () throws(StateWriteError) in try test.table.add(key, 3, now: time) }
            switch outcome {
            case .success(let sum):
                let word = before.map { $0.value.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } } ?? 0
                #expect(before.map(\.value.count) ?? 8 == 8 && sum == Int64(bitPattern: word &+ 3))
                let version = try #require(test.table.value(key, now: time)).version
                let bits = UInt64(bitPattern: sum)
                model[key] = Expected(
                    value: (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) },
                    version: version, expiry: before?.expiry ?? 0, isPinned: before?.isPinned ?? false)
            case .failure(.notACounter(let bytes)): #expect(before?.value.count == bytes && bytes != 8)
            case .failure(let error): #expect(error == .full)
            }
        }

        mutating func remove(_ key: StoredKey) {
            let wasThere = live(key) != nil
            #expect(test.table.remove(key, now: time) == wasThere)
            model[key] = nil
        }

        /// All that the table holds is in the model, and what is pinned there is in the table.
        mutating func compare() {
            let entries = test.reader.snapshot(now: time)
            #expect(Set(entries.map(\.key)).count == entries.count)
            for entry in entries {
                let known = live(entry.key)
                #expect(known?.value == entry.value && known?.version == entry.version)
                #expect(known?.isPinned == entry.isPinned)
            }
            let keys = Set(entries.map(\.key))
            for (key, known) in model where known.isPinned && live(key) != nil { #expect(keys.contains(key)) }
            let statistics = test.reader.statistics
            #expect(statistics.entries >= UInt64(entries.count))
            #expect(statistics.bytes <= UInt64(test.table.plan.byteCount))
        }
    }

    @Test(
        "The table does what a dictionary does but for evictions, at every pressure and mixture of sizes",
        arguments: [
            (bytes: 1 << 18, mostLength: 2000, keys: 400), (1 << 18, 16, 20_000), (1 << 20, 65_536, 300),
            (1 << 21, 4000, 5000), (80_000, 600, 3000),
        ])
    func model(size: (bytes: Int, mostLength: Int, keys: Int)) throws {
        let seed = UInt64.random(in: .min ... .max)
        let note = "seed \(seed), \(size)"
        let test = try TestTable(
            bytes: size.bytes, averageValueBytes: 100)
        var run = Run(
            test: test, random: SeededGenerator(seed: seed), keyCount: size.keys, mostLength: size.mostLength)
        for step in 0..<12_000 {
            try run.step()
            if step % 3000 == 2999 { run.compare() }
        }
        print(note, test.reader.statistics)
    }
}
