import Testing

@testable import Learners

@Suite("Examples to be learned from again") struct ReplayMemoryTests {
    @Test("The latest examples are read as they were kept, the oldest make room") func ring() throws {
        var memory = ReplayMemory(bits: 2)
        #expect(memory.draw(1 << 40) == nil)
        for number in 0..<7 {
            memory.insert(number, (0...number).map { UInt64($0 + 1) << 20 }, split: 1)
        }
        var features: [UInt64] = []
        var symbols: Set<Int> = []
        for hash in 0..<64 as Range<UInt64> {
            let place = try #require(memory.draw(hash << 33))
            let symbol = memory.symbol(place)
            #expect(memory.read(place, into: &features) == 1)
            #expect(features == (0...symbol).map { UInt64($0 + 1) << 20 })
            symbols.insert(symbol)
        }
        #expect(symbols == [3, 4, 5, 6])
    }

    @Test("Of an example with too many features the first are kept") func long() {
        var memory = ReplayMemory(bits: 1)
        memory.insert(5, (0..<200).map { UInt64($0) << 20 }, split: 150)
        var features: [UInt64] = []
        #expect(memory.read(0, into: &features) == ReplayMemory.mostFeatures)
        #expect(features.count == ReplayMemory.mostFeatures && features.last == 63 << 20)
    }
}
