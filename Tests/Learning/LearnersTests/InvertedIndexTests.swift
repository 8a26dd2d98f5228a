import Foundation
import Learners
import Testing

@Suite("BM25") struct InvertedIndexTests {
    @Test("Scores are those of the formula") func formula() {
        var index = InvertedIndex()
        let documents: [[TextFeatures.Feature]] = [
            [.init(hash: 1, count: 2), .init(hash: 2, count: 1)], [.init(hash: 2, count: 1)],
            [.init(hash: 3, count: 5)],
        ]
        for document in documents { _ = index.insert(document) }
        #expect(index.count == 3)
        var scores: [Float] = [0, 0, 0]
        index.score([.init(hash: 1, count: 1), .init(hash: 2, count: 3)], to: &scores)
        let (k1, b, mean) = (1.2, 0.75, 3.0)
        func part(_ count: Double, _ length: Double, _ documents: Double, _ times: Double) -> Double {
            let rarity = log(1 + (3 - documents + 0.5) / (documents + 0.5))
            return min(times, 2) * rarity * count * (k1 + 1) / (count + k1 * (1 - b + b * length / mean))
        }
        let expected = [part(2, 3, 1, 1) + part(1, 3, 2, 3), part(1, 1, 2, 3), 0]
        for (score, value) in zip(scores, expected) { #expect(abs(Double(score) - value) < 1e-3) }
    }
}
