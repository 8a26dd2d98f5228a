import Storage

/// The contract of `OrderedStore`, to be run over every implementation.
public enum StoreContract {
    public static let clauses = writing + reading + living

    private static let first = Subject.first
    private static let second = Subject.second

    private static let writing = [
        Clause("A value is found by its key in its family only, until it is overwritten or deleted") {
            let store = try $0.open()
            try store.put("a", "1", first)
            try expectEqual(store.value(of: bytes("a"), in: first), bytes("1"))
            try expectEqual(store.value(of: bytes("a"), in: second), nil)
            try expectEqual(store.value(of: bytes("b"), in: first), nil)
            try store.put("a", "2", first)
            try expectEqual(store.value(of: bytes("a"), in: first), bytes("2"))
            var batch = WriteBatch()
            batch.delete(bytes("a"), in: first)
            batch.delete(bytes("never there"), in: first)
            try store.write(batch, .durable)
            try expectEqual(store.value(of: bytes("a"), in: first), nil)
        },
        Clause("Of the changes of one batch the later one wins") {
            let store = try $0.open()
            try store.put("k1", "old", first)
            var batch = WriteBatch()
            batch.put(bytes("1"), for: bytes("k1"), in: first)
            batch.put(bytes("2"), for: bytes("k2"), in: first)
            batch.delete(KeyRange(prefix: bytes("k")), in: first)
            batch.put(bytes("3"), for: bytes("k2"), in: first)
            batch.put(bytes("4"), for: bytes("k3"), in: first)
            batch.delete(bytes("k3"), in: first)
            try store.write(batch, .relaxed)
            try expectEqual(
                store.entries(in: .all, of: first, limit: 9), [Entry(key: bytes("k2"), value: bytes("3"))])
        },
        Clause("A range is deleted with its lower end and without its upper end") {
            let store = try $0.open()
            for key in ["a", "b", "c", "d"] { try store.put(key, key, first) }
            var batch = WriteBatch()
            batch.delete(KeyRange(from: bytes("b"), upTo: bytes("d")), in: first)
            batch.delete(KeyRange(from: bytes("d"), upTo: bytes("a")), in: first)
            try store.write(batch, .relaxed)
            try expectEqual(store.keys(first), ["a", "d"])
            var rest = WriteBatch()
            rest.delete(KeyRange(from: bytes("b"), upTo: nil), in: first)
            try store.write(rest, .relaxed)
            try expectEqual(store.keys(first), ["a"])
        },
        Clause("A batch with an unknown family is refused and changes nothing") {
            let store = try $0.open()
            var batch = WriteBatch()
            batch.put(bytes("1"), for: bytes("a"), in: first)
            batch.put(bytes("1"), for: bytes("a"), in: Family("third"))
            try expectError(.unknownFamily("third")) { try store.write(batch, .durable) }
            try expectEqual(store.value(of: bytes("a"), in: first), nil)
            try expectError(.unknownFamily("third")) {
                try store.value(of: bytes("a"), in: Family("third"))
            }
            try expectError(.unknownFamily("third")) {
                try store.entries(in: .all, of: Family("third"), limit: 1)
            }
        },
        Clause("A key of the greatest length is taken, and a longer one refused with the limit") {
            let store = try $0.open()
            let longest = [UInt8](repeating: 0xFF, count: StorageLimits.keyBytes)
            var batch = WriteBatch()
            batch.put(bytes("1"), for: longest, in: first)
            try store.write(batch, .relaxed)
            try expectEqual(store.value(of: longest, in: first), bytes("1"))
            batch.put(bytes("1"), for: longest + [0], in: first)
            try expectError(.tooLarge(.keyBytes, found: longest.count + 1, limit: longest.count)) {
                try store.write(batch, .relaxed)
            }
            var all = WriteBatch()
            all.delete(.all, in: first)
            try store.write(all, .relaxed)
            try expectEqual(store.keys(first), [])
        },
        Clause("Empty keys, empty values and empty batches are as good as others") {
            let store = try $0.open()
            var batch = WriteBatch()
            try store.write(batch, .durable)
            batch.put([], for: [], in: first)
            batch.put([], for: [0], in: first)
            try store.write(batch, .durable)
            try expectEqual(
                store.entries(in: .all, of: first, limit: 9),
                [Entry(key: [], value: []), Entry(key: [0], value: [])])
            try expectEqual(store.value(of: [], in: first), [])
        },
    ]

    private static let reading = [
        Clause("Keys are in the order of unsigned bytes, both ways") {
            let store = try $0.open()
            let keys: [[UInt8]] = [[], [0], [0, 0], [0x7F], [0x80], [0xFF], [0xFF, 0], [0xFF, 0xFF]]
            for key in keys.shuffled() {
                var batch = WriteBatch()
                batch.put([1], for: key, in: first)
                try store.write(batch, .relaxed)
            }
            try expectEqual(store.entries(in: .all, of: first, limit: 99).map(\.key), keys)
            try expectEqual(
                store.entries(in: .all, of: first, .backward, limit: 99).map(\.key), keys.reversed())
            try expectEqual(
                store.entries(in: KeyRange(prefix: [0xFF]), of: first, limit: 99).map(\.key),
                [[0xFF], [0xFF, 0], [0xFF, 0xFF]])
            try expectEqual(
                store.entries(in: KeyRange(from: [0], upTo: [0x80]), of: first, .backward, limit: 2)
                    .map(\.key), [[0x7F], [0, 0]])
        },
        Clause("A walk over an empty range, or beyond the end, finds nothing ever") {
            let store = try $0.open()
            try store.put("m", "1", first)
            let none = KeyRange(from: bytes("n"), upTo: bytes("m"))
            for direction in Direction.allCases {
                try expectEqual(store.entries(in: none, of: first, direction, limit: 9), [])
                let range = KeyRange(from: bytes("n"), upTo: bytes("z"))
                try expectEqual(store.entries(in: range, of: first, direction, limit: 9), [])
                let cursor = try store.cursor(over: .all, in: first, direction)
                try expectEqual(cursor.next()?.key, bytes("m"))
                for _ in 0..<3 { try expectEqual(cursor.next(), nil) }
            }
        },
        Clause("A cursor and a snapshot see what was there when they were made") {
            let store = try $0.open()
            for key in ["a", "b", "c"] { try store.put(key, "old", first) }
            let cursor = try store.cursor(over: .all, in: first, .forward)
            let snapshot = try store.snapshot()
            try store.put("b", "new", first)
            try store.put("d", "new", first)
            var batch = WriteBatch()
            batch.delete(bytes("c"), in: first)
            try store.write(batch, .durable)
            let old = ["a", "b", "c"].map { Entry(key: bytes($0), value: bytes("old")) }
            try expectEqual([cursor.next(), cursor.next(), cursor.next(), cursor.next()], old + [nil])
            try expectEqual(snapshot.entries(in: .all, of: first, limit: 9), old)
            try expectEqual(snapshot.value(of: bytes("d"), in: first), nil)
            try expectEqual(store.keys(first), ["a", "b", "d"])
        },
    ]

    private static let living = [
        Clause("What was written is there after the store was closed and opened again") { subject in
            let store = try subject.open()
            try store.put("a", "1", first)
            var batch = WriteBatch()
            batch.put(bytes("2"), for: bytes("b"), in: second)
            try store.write(batch, .relaxed)
            try store.close()
            let again = try subject.open([first])
            try expectEqual(again.value(of: bytes("a"), in: first), bytes("1"))
            try expectEqual(again.families, [first, second])
            try expectEqual(again.value(of: bytes("b"), in: second), bytes("2"))
        },
        Clause("A closed store refuses all, and what was made of it before reads on") {
            let store = try $0.open()
            try store.put("a", "1", first)
            let cursor = try store.cursor(over: .all, in: first, .forward)
            let snapshot = try store.snapshot()
            try store.close()
            try store.close()
            try expectError(.closed) { try store.put("a", "2", first) }
            try expectError(.closed) { try store.value(of: bytes("a"), in: first) }
            try expectError(.closed) { try store.entries(in: .all, of: first, limit: 1) }
            try expectError(.closed) { try store.snapshot() }
            try expectError(.closed) { try store.sync() }
            try expectEqual(cursor.next()?.key, bytes("a"))
            try expectEqual(snapshot.value(of: bytes("a"), in: first), bytes("1"))
        },
        Clause("A family's name is 1 to 32 letters of a-z, 0-9 and -, and not default") { subject in
            for name in ["", "default", "Journal", "a b", "ä", String(repeating: "a", count: 33)] {
                try expectError(.malformedFamily(name)) { try subject.open([Family(name)]) }
            }
        },
        Clause("A reader never sees a part of a batch") { subject in
            try Concurrency.batchesAreWhole(try subject.open())
        },
        Clause("A commit queue's writers are answered after what they wrote can be seen") { subject in
            try Concurrency.queueAnswers(try subject.open())
        },
    ]
}

extension OrderedStore {
    func put(_ key: String, _ value: String, _ family: Family) throws(StorageError) {
        var batch = WriteBatch()
        batch.put(Array(value.utf8), for: Array(key.utf8), in: family)
        try write(batch, .relaxed)
    }

    func keys(_ family: Family) throws(StorageError) -> [String] {
        try entries(in: .all, of: family, limit: 99).map { String(decoding: $0.key, as: UTF8.self) }
    }
}
