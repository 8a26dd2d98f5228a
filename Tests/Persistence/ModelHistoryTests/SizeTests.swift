import Storage
import TestSupport
import Testing

@testable import ModelHistory

@Suite("What many versions take") struct SizeTests {
    /// How 1 % of a version is other than the one before.
    enum Change: CaseIterable {
        case run, numbers, bytes, shift

        /// Of all versions together; 3 % is what 300 MB are of a thousand versions of 10 MB. So few versions
        /// are dearer than many, as the first is whole.
        var bound: Double { self == .bytes ? 0.045 : 0.03 }

        func apply(to model: inout [UInt8], _ random: inout SeededGenerator) {
            let changed = model.count / 100
            let place = Int.random(in: 0..<model.count - changed, using: &random)
            switch self {
            case .run: model.replaceSubrange(place..<place + changed, with: Samples.bytes(changed, &random))
            case .numbers:
                for _ in 0..<changed / 4 {
                    let number = Int.random(in: 0..<model.count / 4, using: &random) * 4
                    model.replaceSubrange(number..<number + 4, with: Samples.bytes(4, &random))
                }
            case .bytes:
                for _ in 0..<changed { model[Int.random(in: 0..<model.count, using: &random)] &+= 1 }
            case .shift:
                model.removeSubrange(place..<place + changed)
                model.insert(
                    contentsOf: Samples.bytes(changed, &random),
                    at: Int.random(in: 0...model.count, using: &random))
            }
        }
    }

    @Test(
        "200 versions of 100 kB, of which 1 % changes each time, take 3 % of their bytes",
        arguments: Change.allCases)
    func small(change: Change) throws {
        var random = SeededGenerator(seed: 12)
        let store = try MemoryStore(families: ModelRepository.families)
        let repository = ModelRepository(store)
        var model = Samples.bytes(100_000, &random)
        for version in 0..<200 {
            if version > 0 { change.apply(to: &model, &random) }
            try repository.save(["model": model], at: UInt64(version))
        }
        var stored = 0
        for family in ModelRepository.families {
            let cursor = try store.cursor(over: .all, in: family, .forward)
            while let entry = try cursor.next() { stored += entry.key.count + entry.value.count }
        }
        #expect(Double(stored) < 200 * 100_000 * change.bound, "\(change): \(stored) bytes")
        let head = try #require(try repository.head(Samples.model)?.commit)
        #expect(try ModelReader(store, cacheBytes: 0).read(head).parts == ["model": model])
    }
}
