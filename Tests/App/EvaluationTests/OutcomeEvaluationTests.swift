import Foundation
import TestSupport
import Testing
import Wire

@testable import Evaluation

@Suite("Evaluating failures and latencies") struct OutcomeEvaluationTests {
    /// Runs of two agents at ten tasks: odd tasks fail, and the second agent takes ten times as long.
    private static func runs(_ tries: Range<Int>) -> [String] {
        tries.flatMap { run in
            (0..<20).map { index -> String in
                let (agent, task) = (index % 2, index / 2)
                return """
                    {"model":"m\(agent)","service":"s","task":"t__\(task)","run":"run-\(run)",\
                    "success":\(1 - task % 2),"time_s":\((agent == 0 ? 2.0 : 20.0) + Double(run % 3) / 10)}
                    """
            }
        }
    }

    private static func options(_ files: CallFile) throws -> EvaluationOptions {
        var options = EvaluationOptions()
        options.warm = [try files.write("warm", runs(0..<8))]
        options.data = [try files.write("data", runs(8..<16))]
        options.predictions = "\(files.folder.path)/predictions"
        return options
    }

    @Test("Failures that follow a rule are foreseen, and the file gives the same figures") func failure()
        throws
    {
        let files = try CallFile()
        let options = try Self.options(files)
        let result = try #require(try Evaluator(options).run(.failure).first)
        #expect((result.dataset, result.rows, result.warmRows) == ("mcpmark", 160, 160))
        #expect(result.value(.auroc) == 1)
        #expect(try #require(result.value(.brier)) < 0.02)
        var (squares, rows) = (0.0, 0)
        try InputLines.forEach(try #require(options.predictions)) { row, _ throws(EvaluationFailure) in
            squares += pow((row["p"]?.double ?? 9) - (row["label"]?.double ?? 9), 2)
            rows += 1
        }
        #expect(rows == 160)
        #expect(abs(squares / Double(rows) - (result.value(.brier) ?? 9)) < 1e-6)
    }

    @Test("The bound lies close above what even latencies were") func latency() throws {
        let files = try CallFile()
        let options = try Self.options(files)
        let result = try #require(try Evaluator(options).run(.latency).first)
        #expect(try #require(result.value(.pinball95)) < 0.02)
        #expect(try #require(result.value(.coverage95)) > 0.8)
        var score = QuantileScore(share: 0.95)
        try InputLines.forEach(try #require(options.predictions)) { row, _ throws(EvaluationFailure) in
            score.insert(bound: log(row["p95_s"]?.double ?? 0), value: log(row["label"]?.double ?? 0))
        }
        #expect(abs(score.metrics[0].value - (result.value(.pinball95) ?? 9)) < 1e-6)
    }

    @Test("The loss of a bound is that of its definition") func pinball() {
        var score = QuantileScore(share: 0.95)
        for (bound, value) in [(1.0, 3.0), (1, 1), (1, -1)] { score.insert(bound: bound, value: value) }
        #expect(abs(score.metrics[0].value - (0.95 * 2 + 0.05 * 2) / 3) < 1e-12)
        #expect(abs(score.metrics[1].value - 2.0 / 3) < 1e-12)
    }

    @Test("Calls of the gateway are read too, and frozen learners do not learn from them") func calls() throws
    {
        let files = try CallFile()
        let rows = (0..<40).map { number in
            CallFile.call(
                number % 2 == 0 ? "good" : "bad", session: "s\(number)",
                extra: ",\"is_error\":\(number % 2 == 1),\"upstream_us\":\(number % 2 == 0 ? 900 : 30000)")
        }
        var options = EvaluationOptions()
        options.data = [try files.write("data", rows)]
        let learned = try #require(try Evaluator(options).run(.failure).first)
        #expect(try #require(learned.value(.auroc)) > 0.9)
        options.isFrozen = true
        let frozen = try #require(try Evaluator(options).run(.failure).first)
        #expect(frozen.value(.auroc) == 0.5)
        #expect(try Evaluator(options).run(.latency).first?.rows == 40)
    }

    @Test("Rows that tell no latency are no rows of that task") func noRows() throws {
        let files = try CallFile()
        var options = EvaluationOptions()
        options.data = [try files.write("data", [CallFile.call("t", session: "s")])]
        #expect(throws: EvaluationFailure.noRows) { try Evaluator(options).run(.latency) }
    }
}
