import Storage
import TestSupport

/// The property that a store is what its writes say: random work on it beside a plain dictionary.
public enum RandomWork {
    private typealias Model = [Family: [[UInt8]: [UInt8]]]

    public static func check(_ subject: Subject, seed: UInt64, steps: Int) throws {
        var generator = SeededGenerator(seed: seed)
        var store = try subject.open()
        var model: Model = [Subject.first: [:], Subject.second: [:]]
        var kept: (reader: any OrderedReader, model: Model)?
        for step in 0..<steps {
            let batch = batch(&generator)
            try store.write(batch, generator.chance(10) ? .durable : .relaxed)
            apply(batch, to: &model)
            try compare(store, model, &generator, step)
            if let kept { try compare(kept.reader, kept.model, &generator, step) }
            if generator.chance(5) { kept = (try store.snapshot(), model) }
            if generator.chance(2) {
                kept = nil
                try store.close()
                store = try subject.open()
            }
        }
    }

    private static func batch(_ generator: inout SeededGenerator) -> WriteBatch {
        var batch = WriteBatch()
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let family = generator.pick([Subject.first, Subject.second])
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<7:
                let length = generator.chance(5) ? 5000 : Int.random(in: 0...20, using: &generator)
                batch.put(generator.bytes(length), for: key(&generator), in: family)
            case 7..<9: batch.delete(key(&generator), in: family)
            default: batch.delete(range(&generator), in: family)
            }
        }
        return batch
    }

    /// Few letters, so that keys meet and are beginnings of others.
    private static func key(_ generator: inout SeededGenerator) -> [UInt8] {
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            generator.pick([0x00, 0x01, 0x61, 0x62, 0xFE, 0xFF])
        }
    }

    private static func range(_ generator: inout SeededGenerator) -> KeyRange {
        if generator.chance(40) { return KeyRange(prefix: key(&generator)) }
        return KeyRange(from: key(&generator), upTo: generator.chance(20) ? nil : key(&generator))
    }

    private static func holds(_ range: KeyRange, _ key: [UInt8]) -> Bool {
        !key.lexicographicallyPrecedes(range.lower)
            && range.upper.map { key.lexicographicallyPrecedes($0) } ?? true
    }

    private static func apply(_ batch: WriteBatch, to model: inout Model) {
        for operation in batch.operations {
            switch operation {
            case .put(let family, let key, let value): model[family]?[key] = value
            case .delete(let family, let key): model[family]?[key] = nil
            case .deleteRange(let family, let range):
                model[family] = model[family]?.filter { !holds(range, $0.key) }
            }
        }
    }

    private static func compare(
        _ reader: any OrderedReader, _ model: Model, _ generator: inout SeededGenerator, _ step: Int
    ) throws {
        for family in [Subject.first, Subject.second] {
            let entries = model[family, default: [:]]
            let key = key(&generator)
            try expect(reader.value(of: key, in: family) == entries[key], "step \(step): value of \(key)")
            let range = generator.chance(30) ? KeyRange.all : range(&generator)
            var expected = entries.keys.filter { holds(range, $0) }
                .sorted { $0.lexicographicallyPrecedes($1) }
                .map { Entry(key: $0, value: entries[$0] ?? []) }
            let direction = generator.pick(Direction.allCases)
            if direction == .backward { expected.reverse() }
            let limit = generator.chance(50) ? 1000 : 3
            try expect(
                reader.entries(in: range, of: family, direction, limit: limit)
                    == Array(expected.prefix(limit)), "step \(step): \(direction) over \(range)")
        }
    }
}
