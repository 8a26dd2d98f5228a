import Learners
import TestSupport
import Testing

@Suite("Running moments") struct RunningMomentsTests {
    static func exact(_ values: [Double]) -> (mean: Double, variance: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, values.count < 2 ? 0 : squares / Double(values.count - 1))
    }

    static func moments(_ values: [Double]) -> RunningMoments {
        var moments = RunningMoments()
        for value in values { moments.insert(value) }
        return moments
    }

    static func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(1, abs(a), abs(b)) }

    @Test("Mean and variance are those of two passes, also far from zero", arguments: 1...40)
    func exactness(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let offset = Double.random(in: 0...1e6, using: &random)
        let values = (0..<Int.random(in: 1...2000, using: &random)).map { _ in
            offset + Double.random(in: 0...1000, using: &random)
        }
        let (moments, exact) = (Self.moments(values), Self.exact(values))
        #expect(Self.isNear(moments.mean, exact.mean), "seed \(seed)")
        #expect(Self.isNear(moments.variance, exact.variance), "seed \(seed)")
    }

    @Test("Moments of the parts merge to those of the whole", arguments: 1...40)
    func merging(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let values = (0..<1000).map { _ in Double.random(in: 0...1e6, using: &random) }
        let cut = Int.random(in: 0...1000, using: &random)
        var merged = Self.moments(Array(values[..<cut]))
        merged.merge(Self.moments(Array(values[cut...])))
        let exact = Self.exact(values)
        #expect(merged.count == 1000)
        #expect(Self.isNear(merged.mean, exact.mean), "seed \(seed)")
        #expect(Self.isNear(merged.variance, exact.variance), "seed \(seed)")
    }

    @Test("What is saved is restored") func saving() {
        let moments = Self.moments([3, 4, 8])
        var encoder = ByteEncoder()
        moments.save(to: &encoder)
        var decoder = ByteDecoder(encoder.bytes)
        #expect(RunningMoments(restoring: &decoder) == moments)
    }

    @Test("Numbers that are not finite are not restored") func infinite() {
        for number in [Double.nan, .infinity, 1e40, -1e40] {
            var encoder = ByteEncoder()
            encoder.write(UInt64(3))
            encoder.write(number)
            encoder.write(1.0)
            var decoder = ByteDecoder(encoder.bytes)
            #expect(RunningMoments(restoring: &decoder) == nil)
        }
    }
}
