import Learners
import TestSupport
import Testing

@Suite("The sequence model") struct SequenceModelTests {
    private static let sizes = SequenceModel.Sizes(lineBits: 12, rowBits: 8, expertBits: 8, mostSymbols: 256)

    private static func vocabulary(_ symbols: [Int]) -> SequenceVocabulary {
        SequenceVocabulary(id: symbols.count, symbols: symbols, groups: symbols.map { _ in 0 })
    }

    @Test("Probabilities sum to one and none is zero", arguments: 1...5 as ClosedRange<UInt64>)
    func sums(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var model = SequenceModel(Self.sizes, seed: seed)
        var trail = SequenceTrail()
        let vocabulary = Self.vocabulary(Array(0..<40))
        for step in 0..<300 {
            let forecast = model.predict(trail, vocabulary)
            #expect(abs(forecast.reduce(0, +) - 1) < 1e-3, "seed \(seed), step \(step)")
            #expect(forecast.allSatisfy { $0 > 0 }, "seed \(seed), step \(step)")
            let symbol = Int.random(in: 0..<40, using: &random)
            model.learn(symbol, after: trail, vocabulary)
            trail.advance(SequenceCall(symbol: symbol), names: SymbolNames())
        }
    }

    @Test("A cycle of tools is known after a few rounds")
    func cycle() {
        var model = SequenceModel(Self.sizes)
        var trail = SequenceTrail()
        let vocabulary = Self.vocabulary(Array(0..<20))
        let cycle = [3, 7, 3, 9, 12]
        var hits = 0
        for step in 0..<100 {
            let next = cycle[step % cycle.count]
            let forecast = model.predict(trail, vocabulary)
            if step >= 30, forecast.indices.max(by: { forecast[$0] < forecast[$1] }) == next { hits += 1 }
            model.learn(next, after: trail, vocabulary)
            trail.advance(SequenceCall(symbol: next), names: SymbolNames())
        }
        #expect(hits == 70)
    }

    @Test("What a result says decides between tools that follow the same tools")
    func content() {
        var model = SequenceModel(Self.sizes)
        let vocabulary = Self.vocabulary([0, 1, 2, 3])
        var random = SeededGenerator(seed: 7)
        var hits = 0
        for round in 0..<200 {
            var trail = SequenceTrail()
            let isOpen = random.chance(50)
            let text = "{\"state\":\"\(isOpen ? "open" : "closed")\",\"n\":\"x\(round)\"}"
            trail.advance(SequenceCall(symbol: 0, result: Array(text.utf8)[...]), names: SymbolNames())
            let next = isOpen ? 1 : 2
            let forecast = model.predict(trail, vocabulary)
            if round >= 100, forecast[next] > 0.5 { hits += 1 }
            model.learn(next, after: trail, vocabulary)
        }
        #expect(hits >= 95)
    }

    @Test("A tool that a result names is expected, although it was never called")
    func mention() {
        var model = SequenceModel(Self.sizes)
        var names = SymbolNames()
        for symbol in 0..<200 { names.insert("tool_\(symbol)", symbol: symbol, group: 0) }
        let vocabulary = Self.vocabulary(Array(0..<200))
        var ranks: [Int] = []
        for round in 0..<60 {
            var trail = SequenceTrail()
            let next = 10 + round * 3
            let text = Array("found: tool_\(next)".utf8)
            trail.advance(SequenceCall(symbol: 0, result: text[...]), names: names)
            let forecast = model.predict(trail, vocabulary)
            ranks.append(forecast.count { $0 > forecast[next] })
            model.learn(next, after: trail, vocabulary)
        }
        #expect(ranks.suffix(20).allSatisfy { $0 == 0 })
    }

    @Test("Tools outside of the vocabulary get nothing, and all of it goes to those within")
    func restriction() {
        var model = SequenceModel(Self.sizes)
        let all = Self.vocabulary(Array(0..<10))
        for _ in 0..<50 { model.learn(4, after: SequenceTrail(), all) }
        let forecast = model.predict(SequenceTrail(), Self.vocabulary([1, 2]))
        #expect(forecast.count == 2)
        #expect(abs(forecast[0] + forecast[1] - 1) < 1e-3)
    }
}
