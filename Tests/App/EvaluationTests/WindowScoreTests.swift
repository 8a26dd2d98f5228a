import Foundation
import TestSupport
import Testing

@testable import Evaluation

@Suite("The score of detections by windows") struct WindowScoreTests {
    private static func result(
        _ scores: [Float], _ windows: [ClosedRange<Int>]
    ) throws -> (result: Double, threshold: Float) {
        var score = WindowScore()
        score.insert(scores: scores, windows: windows)
        return try #require(score.best)
    }

    private static func scores(_ count: Int, _ found: [Int: Float]) -> [Float] {
        (0..<count).map { found[$0] ?? 0 }
    }

    @Test("A detection at the start of each window is perfect, none at all is nothing") func ends() throws {
        let windows = [40...49, 70...79]
        #expect(try Self.result(Self.scores(100, [40: 1, 70: 1]), windows).result == 100)
        #expect(try Self.result(Self.scores(100, [:]), windows).result == 0)
    }

    @Test("Only the best detection of a window counts, and false alarms cost what they are far off")
    func worths() throws {
        let sigmoid = { (y: Double) in 2 / (1 + exp(5 * y)) - 1 }
        let late = sigmoid(-0.5) / sigmoid(-1)
        let twice = try Self.result(Self.scores(100, [45: 2, 47: 2]), [40...49])
        #expect(abs(twice.result - 50 * (late + 1)) < 1e-9)
        let close = try Self.result(Self.scores(100, [40: 2, 51: 2]), [40...49])
        #expect(abs(close.result - 50 * (2 + 0.11 * sigmoid(2.0 / 9))) < 1e-9)
        let early = try Self.result(Self.scores(100, [20: 2, 40: 2]), [40...49])
        #expect(abs(early.result - 50 * (2 - 0.11)) < 1e-9)
        let behind = try Self.result(Self.scores(100, [40: 2, 90: 2]), [40...49])
        #expect(abs(behind.result - 50 * (2 - 0.11)) < 1e-9)
    }

    @Test("What comes in the first 15 % is not scored, of long series in the first 750 values")
    func probation() throws {
        #expect(try Self.result(Self.scores(100, [14: 9, 40: 1]), [40...49]).result == 100)
        #expect(WindowScore.probation(of: 100) == 15)
        #expect(WindowScore.probation(of: 20_000) == 750)
    }

    @Test(
        "The threshold is the best of all, as trying each of them shows",
        arguments: 1...10 as ClosedRange<UInt64>)
    func threshold(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let windows = [[30...44, 60...70], [100...149]]
        let series = [120, 200].map { count in
            (0..<count).map { _ in random.chance(20) ? Float(random.next() % 8) : 0 }
        }
        var score = WindowScore()
        for (scores, spans) in zip(series, windows) { score.insert(scores: scores, windows: spans) }
        let best = try #require(score.best)
        var results = [0.0]
        for threshold in 1..<8 {
            var cut = WindowScore()
            for (scores, spans) in zip(series, windows) {
                cut.insert(scores: scores.map { $0 >= Float(threshold) ? 1 : 0 }, windows: spans)
            }
            results.append(try #require(cut.best).result)
        }
        #expect(abs(best.result - (results.max() ?? -1)) < 1e-9, "seed \(seed)")
    }

    @Test("Without windows there is no score") func noWindows() {
        var score = WindowScore()
        score.insert(scores: [1, 1], windows: [])
        #expect(score.best == nil)
    }
}
