import Foundation
import TestSupport
import Testing

@testable import Learners

@Suite("Fast functions") struct TranscendentalTests {
    @Test("The logarithm of one plus a number is off by less than it promises") func logarithm() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let x = exp(Double.random(in: -20..<40, using: &random))
            let found = Double(Transcendental.logarithm(onePlus: Float(x)))
            #expect(abs(found - log1p(Double(Float(x)))) < 1e-5)
        }
    }

    @Test("Any number has one", arguments: [Float.nan, .infinity, -.infinity, -3, 0, .leastNonzeroMagnitude])
    func any(x: Float) {
        let found = Transcendental.logarithm(onePlus: x)
        #expect(found.isFinite && found >= 0 && found < 89)
    }
}
