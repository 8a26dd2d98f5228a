import TestSupport
import Testing
import Wire

@testable import Evaluation

@Suite("Evaluating what can be kept") struct CacheabilityEvaluationTests {
    @Test("Only calls that another session made last are scored, and rules are learned") func sessions()
        throws
    {
        let files = try CallFile()
        let rows = (0..<120).flatMap { session in
            (0..<4).map { step -> String in
                let tool = step % 2 == 0 ? "rules" : "clock"
                let result = step % 2 == 0 ? "as ever" : "now \(session).\(step)"
                return CallFile.call(
                    tool, session: "s\(session)", extra: ",\"step\":\(step),\"result\":\"\(result)\"")
            }
        }
        var options = EvaluationOptions()
        options.data = [try files.write("data", rows)]
        options.predictions = "\(files.folder.path)/predictions"
        let result = try #require(try Evaluator(options).run(.cacheability).first)
        // The first session made no call that another made, and each other one made two.
        #expect(result.rows == 2 * 119)
        #expect(try #require(result.value(.auroc)) > 0.98)
        #expect(try #require(result.value(.brier)) < 0.05)
        var score = DetectionScore()
        try InputLines.forEach(try #require(options.predictions)) { row, _ throws(EvaluationFailure) in
            score.insert(Float(row["score"]?.double ?? 0), isPositive: row["label"]?.int == 1)
        }
        #expect(score.probabilityMetrics.map(\.value) == result.metrics.map(\.value))
    }
}
