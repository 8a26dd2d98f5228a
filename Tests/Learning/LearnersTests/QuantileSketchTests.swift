import Learners
import TestSupport
import Testing

@Suite("Quantile sketch") struct QuantileSketchTests {
    /// Streams of different shapes, in microseconds.
    static func stream(_ random: inout SeededGenerator) -> [UInt64] {
        let length = Int.random(in: 1...3000, using: &random)
        let shape = Int.random(in: 0..<5, using: &random)
        return (0..<length).map { index in
            switch shape {
            case 0: UInt64.random(in: 0...100, using: &random)
            case 1: UInt64.random(in: 1_000...1_000_000, using: &random)
            case 2: UInt64(1) << UInt64.random(in: 0...40, using: &random)
            case 3: index % 10 == 0 ? 5_000_000 : UInt64.random(in: 800...1_200, using: &random)
            default: UInt64.random(in: 0...QuantileSketch.greatest, using: &random)
            }
        }
    }

    static func sketch(_ values: [UInt64]) -> QuantileSketch {
        var sketch = QuantileSketch()
        for value in values { sketch.insert(value) }
        return sketch
    }

    static func bytes(_ sketch: QuantileSketch) -> [UInt8] {
        var encoder = ByteEncoder()
        sketch.save(to: &encoder)
        return encoder.bytes
    }

    static let shares = [0, 0.01, 0.25, 0.5, 0.9, 0.99, 0.999, 1]

    @Test("Every quantile is within 1 % of the exact one", arguments: 1...60)
    func error(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let values = Self.stream(&random)
        let sketch = Self.sketch(values)
        let sorted = values.sorted()
        for share in Self.shares {
            let exact = Double(sorted[Int(share * Double(sorted.count - 1))])
            let estimate = sketch.quantile(share) ?? -1
            #expect(
                abs(estimate - exact) <= exact * QuantileSketch.relativeError * (1 + 1e-9),
                "seed \(seed), share \(share): \(estimate), exactly \(exact)")
        }
        #expect(sketch.count == UInt64(values.count))
        #expect(sketch.minimum == sorted.first)
        #expect(sketch.maximum == sorted.last)
    }

    @Test("Sketches of the parts merge to the sketch of the whole", arguments: 1...40)
    func merging(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let parts = (0..<Int.random(in: 1...5, using: &random)).map { _ in Self.stream(&random) }
        var merged = QuantileSketch()
        for part in parts.shuffled(using: &random) { merged.merge(Self.sketch(part)) }
        #expect(Self.bytes(merged) == Self.bytes(Self.sketch(parts.flatMap { $0 })), "seed \(seed)")
    }

    @Test("What is saved is restored, and goes on", arguments: 1...40)
    func saving(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let values = Self.stream(&random)
        let sketch = Self.sketch(values)
        var decoder = ByteDecoder(Self.bytes(sketch))
        var restored = try #require(QuantileSketch(restoring: &decoder))
        #expect(decoder.isAtEnd)
        #expect(Self.bytes(restored) == Self.bytes(sketch), "seed \(seed)")
        let more = Self.stream(&random)
        for value in more { restored.insert(value) }
        #expect(Self.bytes(restored) == Self.bytes(Self.sketch(values + more)), "seed \(seed)")
    }

    @Test("Bytes that were damaged restore to nothing or to a sketch that works", arguments: 1...200)
    func damage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes = Self.bytes(Self.sketch(Self.stream(&random)))
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
        }
        if Bool.random(using: &random) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
        var decoder = ByteDecoder(bytes)
        guard var sketch = QuantileSketch(restoring: &decoder) else { return }
        for share in Self.shares { _ = sketch.quantile(share) }
        sketch.insert(17)
        sketch.merge(sketch)
        #expect(sketch.count > 0)
    }

    @Test("A sketch without data has no quantiles") func empty() {
        #expect(QuantileSketch().quantile(0.5) == nil)
    }

    @Test("Values beyond the greatest count as the greatest") func clamped() {
        #expect(Self.sketch([.max]).quantile(1) == Double(QuantileSketch.greatest))
    }

    @Test("The saved form takes no more than 11 bytes a bucket, whatever the stream") func bounded() {
        var sketch = QuantileSketch()
        var random = SeededGenerator(seed: 1)
        for _ in 0..<200_000 {
            let power = UInt64(1) << UInt64.random(in: 0...40, using: &random)
            sketch.insert(power + UInt64.random(in: 0...1000, using: &random))
        }
        #expect(Self.bytes(sketch).count < 1400 * 11)
    }
}
