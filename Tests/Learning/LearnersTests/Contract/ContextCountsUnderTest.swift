import Learners
import TestSupport

struct ContextCountsUnderTest: LearnerUnderTest {
    private var counts = ContextCounts(bits: 5)

    init(seed: UInt64) {}

    private init(_ counts: ContextCounts) { self.counts = counts }

    mutating func step(_ random: inout SeededGenerator) -> [Double] {
        let context = HashMix.mix(UInt64.random(in: 0..<60, using: &random))
        var forecast: [Double] = []
        for page in 0..<4 {
            guard let line = counts.line(context, page: page) else { continue }
            for index in 0..<counts.pairs(line) {
                let (symbol, count) = counts.pair(line, index)
                forecast += [Double(symbol), Double(count)]
            }
        }
        let symbol =
            random.chance(90)
            ? Int.random(in: 0..<5, using: &random) : Int.random(in: 0..<65_536, using: &random)
        for _ in 0..<Int.random(in: 1...40, using: &random) { counts.record(context, symbol: symbol) }
        return forecast
    }

    func save(to encoder: inout ByteEncoder) { counts.save(to: &encoder) }

    static func restored(_ decoder: inout ByteDecoder, seed: UInt64) -> Self? {
        ContextCounts(bits: 5, restoring: &decoder).map { Self($0) }
    }

    var memoryBytes: Int { counts.memoryBytes }

    static let memoryBound = 64 << 5
}
