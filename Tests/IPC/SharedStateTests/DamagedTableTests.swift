import SharedMemory
import SharedState
import TestSupport
import Testing

/// Whatever a section's bytes are, it is refused, or read without a crash and without a step out of it.
@Suite("Damaged tables") struct DamagedTableTests {
    static let byteCount = 25 * 4096

    /// A table with entries of every form, and names.
    static func fill(_ table: StateTable) throws {
        for number in UInt64(0)..<60 {
            try table.set(number, [UInt8](repeating: 1, count: Int(number * 7 % 40)), isPinned: number < 5)
            try table.set("key \(number)", [UInt8](repeating: 2, count: Int(number * 97 % 900)))
        }
        try table.set("large", [UInt8](repeating: 3, count: 5000))
        let names = Names(table: table)
        for number in 0..<10 { _ = names.id(.tool, "tool \(number)") }
    }

    static func image() throws -> [UInt8] {
        let bytes = GuardedBytes([UInt8](repeating: 0, count: byteCount))
        // Proof: the section is all zeros, and outlives the table.
        let table = try unsafe StateTable(base: bytes.base, byteCount: byteCount, averageValueBytes: 150)
        try fill(table)
        // Proof: as many bytes as there are.
        return unsafe [UInt8](UnsafeRawBufferPointer(start: bytes.base, count: byteCount))
    }

    static let values: [UInt64] = [
        0, 1, 2, 3, 7, 8, 9, 63, 64, 255, 256, 4095, 4096, 0xFFFF, 0x1_0000, 0x1_0001, UInt64(byteCount - 8),
        UInt64(byteCount), UInt64(byteCount + 1), 0x7FFF_FFFF, 0xFFFF_FFFF, 0x1_0000_0000, 0xFFFF << 32,
        1 << 48 | 8, 2 << 48 | 0xFF << 32 | 0xFFFF_FFFF, UInt64(Int64.max), 1 << 63, .max - 4096, .max - 7,
        .max,
    ]

    /// Damages some words, most of them in the head, the buckets and the slots.
    static func damage(_ bytes: inout [UInt8], from first: Int, _ random: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...(random.chance(20) ? 200 : 6), using: &random) {
            let most = random.chance(20) ? first + 256 : random.chance(80) ? 25_000 : byteCount
            let place = Int.random(in: first..<most, using: &random) & ~7
            let value = random.chance(60) ? random.pick(values) : random.next()
            for index in 0..<random.pick([1, 4, 8]) {
                bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(index * 8))
            }
        }
    }

    static func readAll(_ table: some StateReading) {
        for number in UInt64(0)..<60 {
            _ = table.value(number)
            _ = table.counter(number)
            _ = table.value("key \(number)")
        }
        _ = table.value("large")
        for id in UInt32(0)..<12 { _ = table.name(id) }
    }

    @Test("Thousands of damaged sections are read without a crash") func readers() throws {
        let image = try Self.image()
        let bytes = GuardedBytes(image)
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var refused = 0
        for _ in 0..<3000 {
            var damaged = image
            Self.damage(&damaged, from: 0, &random)
            bytes.fill(damaged)
            // Proof: the bytes are there as long as the view.
            guard let view = try? unsafe StateTableView(base: bytes.base, byteCount: Self.byteCount) else {
                refused += 1
                continue
            }
            Self.readAll(view)
            _ = view.snapshot()
            _ = view.statistics
        }
        #expect(refused > 0 && refused < 3000)
    }

    @Test("Bytes of every value everywhere are read without a crash") func noise() throws {
        let image = try Self.image()
        let bytes = GuardedBytes(image)
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<30 {
            // Without the head, so that it is read at all.
            bytes.fill(image.prefix(256) + random.bytes(Self.byteCount - 256))
            // Proof: the bytes are there as long as the view.
            let view = try unsafe StateTableView(base: bytes.base, byteCount: Self.byteCount)
            Self.readAll(view)
            _ = view.snapshot()
        }
    }

    @Test("What the section says of an entry's key does not lead an owner's addition out of its block")
    func additions() throws {
        let key: UInt64 = 0x1234_5678_9ABC_DEF0
        let bytes = GuardedBytes([UInt8](repeating: 0, count: Self.byteCount))
        // Proof: the section is all zeros, and outlives the table.
        let table = try unsafe StateTable(base: bytes.base, byteCount: Self.byteCount, averageValueBytes: 150)
        try table.set(key, [UInt8](repeating: 1, count: 300))
        // Proof: a place divisible by 8 in the section.
        func word(_ place: Int) -> UnsafeMutablePointer<UInt64> {
            unsafe (bytes.base + place).assumingMemoryBound(to: UInt64.self)
        }
        // Proof: every place divisible by 8 in the section.
        let found = try #require(
            stride(from: 0, to: Self.byteCount, by: 8).first { unsafe word($0).pointee == key })
        // Proof: the slot's words, 40 bytes before its key on.
        let block = unsafe word(found + 8).pointee
        // Proof: as above. A counter under a key as long as leads to the end of the section.
        unsafe word(found - 16).pointee = 8 | (UInt64(Self.byteCount) - block) << 32 | 1 << 48
        _ = try? table.add(key, 1)
        #expect(table.value(key) == nil)
    }

    @Test("An owner whose section is damaged under it goes on without a crash") func owners() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<60 {
            let bytes = GuardedBytes([UInt8](repeating: 0, count: Self.byteCount))
            // Proof: the section is all zeros, and outlives the table.
            let table = try unsafe StateTable(
                base: bytes.base, byteCount: Self.byteCount, averageValueBytes: 150)
            try Self.fill(table)
            // Proof: as many bytes as there are.
            var damaged = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes.base, count: Self.byteCount))
            Self.damage(&damaged, from: 256, &random)
            bytes.fill(damaged)
            for number in UInt64(0)..<100 {
                _ = try? table.add(number, 1)
                _ = try? table.set("key \(number)", [UInt8](repeating: 2, count: Int(number * 97 % 900)))
                if random.chance(30) { table.remove("key \(number / 2)") }
                _ = try? table.set(number + 1000, [UInt8](repeating: 4, count: 300), isPinned: number > 95)
            }
            table.sweep()
            Self.readAll(table)
        }
    }
}
