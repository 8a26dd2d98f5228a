import Foundation
import TestSupport
import Testing
import Wire

@testable import Evaluation

@Suite("Evaluating the next tool") struct NextToolEvaluationTests {
    private let files: CallFile

    init() throws { files = try CallFile() }

    private func run(
        _ data: Range<Int>, warm: Range<Int>? = nil, _ change: (inout EvaluationOptions) -> Void = { _ in }
    ) throws -> EvaluationResult {
        var options = EvaluationOptions()
        options.data = [try files.write("data", CallFile.shopping(data, seed: 1))]
        if let warm { options.warm = [try files.write("warm", CallFile.shopping(warm, seed: 2))] }
        change(&options)
        return try #require(try Evaluator(options).run(.nextTool).first)
    }

    @Test("Every row is scored, and none of the warm part") func counts() throws {
        let result = try run(0..<30, warm: 100..<150)
        #expect(result.dataset == "made")
        #expect((result.rows, result.warmRows) == (120, 200))
    }

    @Test("What repeats is foreseen after the warm part, better than without") func learning() throws {
        let (cold, warm) = (try run(0..<30), try run(0..<30, warm: 100..<200))
        let (before, after) = (try #require(cold.value(.top1)), try #require(warm.value(.top1)))
        #expect(after > before)
        #expect(after > 0.95)
        let bits = (try #require(cold.value(.bits)), try #require(warm.value(.bits)))
        #expect(bits.1 < bits.0 && bits.1 > 0)
    }

    @Test("Frozen, nothing is learned after the warm part") func frozen() throws {
        let frozen = try run(0..<60) { $0.isFrozen = true }
        let learning = try run(0..<60)
        let bits = (try #require(frozen.value(.bits)), try #require(learning.value(.bits)))
        #expect(abs(bits.0 - 2.32) < 0.1, "five tools, and nothing known of them: log2 of five")
        #expect(bits.1 < 1.5)
    }

    @Test("The predictions of a file give the metrics again") func predictions() throws {
        let path = "\(files.folder.path)/predictions"
        let result = try run(0..<40, warm: 100..<120) { $0.predictions = path }
        var score = RankingScore()
        try InputLines.forEach(path) { row, _ throws(EvaluationFailure) in
            let candidates = row["candidates"].map { Array($0.elements) } ?? []
            let tool = row["tool"]?.string
            guard let rank = candidates.firstIndex(where: { $0["tool"]?.string == tool }),
                let probability = candidates[rank]["p"]?.double
            else { throw .noRows }
            #expect(abs(candidates.reduce(0) { $0 + ($1["p"]?.double ?? 0) } - 1) < 1e-3)
            score.insert(rank: rank, probability: probability)
        }
        #expect(score.count == result.rows)
        for (metric, value) in score.metrics {
            #expect(abs(value - (result.value(metric) ?? -1)) < 1e-6, "\(metric)")
        }
    }

    @Test("The same seed gives the same figures") func determinism() throws {
        let (first, second) = (try run(0..<40) { $0.seed = 5 }, try run(0..<40) { $0.seed = 5 })
        for (metric, value) in first.metrics { #expect(second.value(metric) == value, "\(metric)") }
    }

    @Test("Data sets are scored apart, in the order of their first rows") func datasets() throws {
        var options = EvaluationOptions()
        options.data = [
            try files.write(
                "data",
                [
                    CallFile.call("a", session: "1", dataset: "second"),
                    CallFile.call("a", session: "1", dataset: "first"),
                    CallFile.call("b", session: "2", dataset: "second"),
                    CallFile.call("own", session: "3", dataset: nil),
                ])
        ]
        let results = try Evaluator(options).run(.nextTool)
        #expect(results.map(\.dataset) == ["second", "first", "traffic"])
        #expect(results.map(\.rows) == [2, 1, 1])
    }

    @Test("Leaving groups out needs to know them") func groups() throws {
        var options = EvaluationOptions()
        options.data = [try files.write("data", CallFile.shopping(0..<2, seed: 1))]
        options.leaveGroupOut = true
        #expect(throws: EvaluationFailure.noGroups) { try Evaluator(options).run(.nextTool) }
    }

    @Test("A result is one JSON object with the fields of its task") func json() throws {
        var json = JSONWriter(capacity: 256)
        try run(0..<5).write(to: &json)
        let view = try JSONView(validating: json.bytes, limits: ScanLimits(maxBytes: 1 << 16))
        #expect(
            view.members.map { $0.key } == [
                "task", "dataset", "n", "n_warm", "seed", "predict_ns_p50", "update_ns_p50", "top1", "top3",
                "top5", "mrr", "bits",
            ])
        #expect(view["task"]?.string == "next-tool")
    }
}
