import TestSupport
import Testing
import Wire

@testable import Evaluation

@Suite("Evaluating choices") struct BanditEvaluationTests {
    /// Each of three agents is good at one of three tasks.
    private static let runs = (0..<90).map { number in
        let (agent, task, run) = (number % 3, number / 3 % 3, number / 9)
        return """
            {"model":"m\(agent)","service":"s","task":"t\(task)","run":"run-\(run)",\
            "success":\(agent == task ? (run < 9 ? 1 : 0) : (run < 2 ? 1 : 0)),"time_s":1}
            """
    }

    @Test("The reward comes close to that of the best agent of each task, and the file sums up to it")
    func reward() throws {
        let files = try CallFile()
        var options = EvaluationOptions()
        options.data = [try files.write("data", Self.runs)]
        options.rounds = 500
        options.predictions = "\(files.folder.path)/predictions"
        let result = try #require(try Evaluator(options).run(.bandit).first)
        let mean = try #require(result.value(.meanReward))
        #expect(result.rows == 500)
        // The best is .9, and any fixed agent has .43.
        #expect((0.8...0.92).contains(mean))
        var (sum, rows, propensities) = (0.0, 0, 0)
        try InputLines.forEach(try #require(options.predictions)) { row, _ throws(EvaluationFailure) in
            sum += row["reward"]?.double ?? 0
            if let p = row["p"]?.double, p > 0, p <= 1 { propensities += 1 }
            rows += 1
        }
        #expect(rows == 500 * BanditEvaluation.seeds && propensities == rows)
        #expect(abs(sum / Double(rows) - mean) < 1e-9)
        #expect(try Evaluator(options).run(.bandit).first?.value(.meanReward) == mean)
    }

    @Test("Every policy but the baseline finds who is good at what") func policies() throws {
        let files = try CallFile()
        var options = EvaluationOptions()
        options.data = [try files.write("data", Self.runs)]
        options.rounds = 300
        for policy in BanditPolicy.allCases {
            options.policy = policy
            let mean = try #require(try Evaluator(options).run(.bandit).first?.value(.meanReward))
            #expect(policy == .epsilonGreedy ? mean < 0.5 : mean > 0.6, "\(policy): \(mean)")
        }
    }
}
