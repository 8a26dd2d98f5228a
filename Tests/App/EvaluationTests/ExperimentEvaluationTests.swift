import TestSupport
import Testing
import Wire

@testable import Evaluation

@Suite("Evaluating tests of two agents") struct ExperimentEvaluationTests {
    @Test("Few agents differ from themselves, two that differ are told apart, and the file says how soon")
    func comparisons() throws {
        let files = try CallFile()
        var options = EvaluationOptions()
        options.data = [
            try files.write(
                "data",
                (0..<200).map { number in
                    let (agent, task, run) = (number % 2, number / 2 % 10, number / 20)
                    return """
                        {"model":"m\(agent)","service":"s","task":"t__\(task)","run":"run-\(run)",\
                        "success":\(run + task < (agent == 0 ? 9 : 6) ? 1 : 0),"time_s":1}
                        """
                })
        ]
        options.predictions = "\(files.folder.path)/predictions"
        let result = try #require(try Evaluator(options).run(.ab).first)
        #expect(result.rows == 2 * ExperimentEvaluation.seeds)
        #expect(try #require(result.value(.falsePositiveRate)) <= 0.05)
        let mean = try #require(result.value(.unitsPerArm))
        #expect((50.0...500).contains(mean))
        var (sum, rows, decided) = (0.0, 0, 0)
        try InputLines.forEach(try #require(options.predictions)) { row, _ throws(EvaluationFailure) in
            guard row["first"]?.string != row["second"]?.string else { return }
            sum += row["n_per_arm"]?.double ?? 0
            decided += row["decided"]?.bool == true ? 1 : 0
            rows += 1
        }
        #expect(rows == ExperimentEvaluation.seeds && decided == rows)
        #expect(abs(sum / Double(rows) - mean) < 1e-9)
    }
}
