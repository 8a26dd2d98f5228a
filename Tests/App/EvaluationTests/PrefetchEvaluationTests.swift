import TestSupport
import Testing
import Wire

@testable import Evaluation

@Suite("Evaluating prefetch policies") struct PrefetchEvaluationTests {
    @Test("The learned policy spends a budget better than either rule, and the file gives the same figures")
    func returns() throws {
        let files = try CallFile()
        var options = EvaluationOptions()
        // Two steps that may be guessed in half of the sessions, then six that may always be.
        options.data = [
            try files.write(
                "data",
                (0..<480).map { number in
                    let (session, step) = (number / 8, number % 8)
                    let tool = step < 2 ? "a\((session * 7 + step * 3) % 5 % 2)" : "b\(step)"
                    return """
                        {"dataset":"made","session_id":"s\(session)","server":"s","tool":"\(tool)",\
                        "args":"{}","result":"r","step":\(step),"turn":\(step)}
                        """
                })
        ]
        options.predictions = "\(files.folder.path)/predictions"
        let result = try #require(try Evaluator(options).run(.prefetchPolicy).first)
        let (mean, low) = (try #require(result.value(.meanReturn)), try #require(result.value(.returnLow)))
        #expect(low < mean && mean < (result.value(.returnHigh) ?? 0))
        #expect(try #require(result.value(.oneStepReturn)) < mean)
        #expect(try #require(result.value(.thresholdReturn)) < mean)
        var (sum, rows) = (0.0, 0)
        try InputLines.forEach(try #require(options.predictions)) { row, _ throws(EvaluationFailure) in
            sum += row["mean_return"]?.double ?? 0
            rows += 1
        }
        #expect(rows == PrefetchEvaluation.seeds)
        #expect(abs(sum / Double(rows) - mean) < 1e-9)
        #expect(try Evaluator(options).run(.prefetchPolicy).first?.value(.meanReturn) == mean)
    }
}
