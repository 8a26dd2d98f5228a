import Foundation
import TestSupport
import Testing
import Wire

@testable import Evaluation

@Suite("Learning curves") struct LearningCurveTests {
    private var asked: EvaluationOptions {
        var options = EvaluationOptions()
        options.hasCurve = true
        return options
    }

    @Test("Marks are 1, 2 and 5 times the powers of ten from 100 on") func marks() {
        #expect(LearningCurve.marks(25_000, asked) == [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000])
        #expect(LearningCurve.marks(99, asked).isEmpty)
        #expect(LearningCurve.marks(25_000, EvaluationOptions()).isEmpty)
    }

    @Test("Metrics are asked for at marks only, and once where rows come many at a time") func notes() {
        var (curve, asks) = (LearningCurve(asked), 0)
        for rows in [40, 99, 100, 101, 199, 730, 999, 1000] {
            curve.note(rows) {
                asks += 1
                return [(.top1, Double(rows))]
            }
        }
        #expect(curve.points.map(\.rows) == [100, 730, 1000])
        #expect(asks == 3)
        var none = LearningCurve(EvaluationOptions())
        none.note(100) { [(.top1, 1)] }
        #expect(none.points.isEmpty)
    }

    @Test("A point has the metrics of the first rows, and the results stay what they are") func firstRows()
        throws
    {
        let files = try CallFile()
        var options = asked
        options.data = [try files.write("data", CallFile.shopping(0..<60, seed: 1))]
        options.predictions = "\(files.folder.path)/predictions"
        let result = try #require(try Evaluator(options).run(.nextTool).first)
        #expect(result.curve.map(\.rows) == [100, 200])
        var (score, hits) = (RankingScore(), [Double]())
        try InputLines.forEach(try #require(options.predictions)) { row, _ throws(EvaluationFailure) in
            let tools = row["candidates"].map { $0.elements.map { $0["tool"]?.string } } ?? []
            score.insert(rank: tools.firstIndex(of: row["tool"]?.string))
            hits.append(score.top1)
        }
        #expect(result.curve.map { $0.value(.top1) } == [hits[99], hits[199]])
        options.hasCurve = false
        let plain = try #require(try Evaluator(options).run(.nextTool).first)
        #expect(plain.curve.isEmpty)
        #expect(plain.value(.bits) == result.value(.bits))
    }

    @Test("Rounds of a bandit have a curve, whose point is the mean of all seeds so far") func bandit() throws
    {
        let files = try CallFile()
        let runs = (0..<80).map { number in
            #"{"model":"a\#(number % 2)","service":"s","task":"t","success":\#(number % 2),"time_s":1}"#
        }
        var options = asked
        options.data = [try files.write("runs", runs)]
        options.rounds = 300
        let result = try #require(try Evaluator(options).run(.bandit).first)
        #expect(result.curve.map(\.rows) == [100, 200])
        let rewards = result.curve.compactMap { $0.value(.meanReward) } + [result.value(.meanReward) ?? 0]
        #expect(rewards == rewards.sorted(), "one of two agents always succeeds, which is learned")
        var json = JSONWriter(capacity: 256)
        result.write(to: &json)
        let view = try JSONView(validating: json.bytes, limits: ScanLimits(maxBytes: 1 << 16))
        #expect(view["curve"]?.elements.compactMap { $0["n"]?.double } == [100, 200])
        #expect(view["curve"]?.elements.compactMap { $0["mean_reward"]?.double } == Array(rewards.dropLast()))
    }
}
