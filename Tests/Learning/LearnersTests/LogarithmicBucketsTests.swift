import Learners
import TestSupport
import Testing

@Suite("Logarithmic buckets") struct LogarithmicBucketsTests {
    @Test(
        "A bucket's value is within the relative error of all values of the bucket",
        arguments: [
            0.001, 0.01, 0.02, 0.05, 0.25,
        ])
    func error(relativeError: Double) {
        let buckets = LogarithmicBuckets(relativeError: relativeError)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let value = Double(
                sign: .plus, exponent: .random(in: 0...60, using: &random),
                significand: .random(in: 1..<2, using: &random))
            let estimate = buckets.value(of: buckets.bucket(of: value))
            #expect(abs(estimate - value) <= value * relativeError * (1 + 1e-9), "\(value): \(estimate)")
        }
    }

    @Test("Greater values never have lesser buckets") func order() {
        let buckets = LogarithmicBuckets(relativeError: 0.01)
        var before = 0
        for value in 1...200_000 {
            let bucket = buckets.bucket(of: Double(value))
            #expect(bucket >= before)
            before = bucket
        }
    }
}
