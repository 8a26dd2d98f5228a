import Foundation
import TestSupport
import Testing
import Wire

@testable import Evaluation

@Suite("Evaluating the next call") struct NextCallEvaluationTests {
    private let files: CallFile

    init() throws { files = try CallFile() }

    private func run(_ lines: [String], predictions: String? = nil) throws -> EvaluationResult {
        var options = EvaluationOptions()
        options.data = [try files.write("data", lines)]
        options.predictions = predictions
        return try #require(try Evaluator(options).run(.nextCall).first)
    }

    @Test("A call is right only with its arguments, and what repeats is foreseen") func exact() throws {
        let repeating = (0..<60).map {
            CallFile.call("look", session: "s\($0)", arguments: "{\"at\":\"door\"}")
        }
        let after = try #require(try run(repeating).value(.top1))
        #expect(after > 0.9)
        let changing = (0..<60).map {
            CallFile.call("look", session: "s\($0)", arguments: "{\"at\":\"x\($0)\"}")
        }
        #expect(try run(changing).value(.top1) == 0)
    }

    @Test("Rows whose arguments were cut are not scored") func cut() throws {
        let lines = [
            CallFile.call("a", session: "1", extra: ",\"args_len\":2"),
            CallFile.call("a", session: "1", extra: ",\"args_len\":9000"),
            CallFile.call("a", session: "1", arguments: "{\"a\":"),
        ]
        #expect(try run(lines).rows == 1)
    }

    @Test("The predictions of a file give the metrics again") func predictions() throws {
        let path = "\(files.folder.path)/predictions"
        let result = try run(CallFile.shopping(0..<40, seed: 1), predictions: path)
        var score = RankingScore()
        try InputLines.forEach(path) { row, _ throws(EvaluationFailure) in
            let candidates = row["candidates"].map { Array($0.elements) } ?? []
            score.insert(
                rank: candidates.firstIndex {
                    $0["tool"]?.string == row["tool"]?.string && $0["args"]?.rawBytes == row["args"]?.rawBytes
                })
        }
        #expect(score.count == result.rows && result.rows == 160)
        for (metric, value) in score.rankMetrics {
            #expect(abs(value - (result.value(metric) ?? -1)) < 1e-9, "\(metric)")
        }
        #expect(result.value(.bits) == nil)
    }
}
