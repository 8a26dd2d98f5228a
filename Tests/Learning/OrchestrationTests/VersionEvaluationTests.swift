import Schemas
import Testing

@testable import Orchestration

@Suite("The judgement of a version") struct VersionEvaluationTests {
    private static func table(_ tools: [(name: String, calls: Int, errors: Int)]) -> ToolTable {
        var table = ToolTable()
        for tool in tools {
            for call in 0..<tool.calls {
                table.count(
                    .init(durationMicroseconds: 100, isError: call < tool.errors), server: "s",
                    tool: tool.name)
            }
        }
        return table
    }

    @Test("is of the calls that are new, by what the version before knew") func news() throws {
        let before = Self.table([("read", 8, 0), ("write", 3, 3), ("quiet", 5, 1)])
        let after = Self.table([("read", 18, 1), ("write", 5, 4), ("quiet", 5, 1), ("new", 2, 2)])
        let data = VersionEvaluation(before: before, after: after).data(["calls": 30])
        #expect(data.features.map(\.name) == ["calls s/read", "calls s/new", "calls s/write"])
        #expect(data.features.map(\.number) == [10, 2, 2])
        #expect(data.predictions.map(\.outcome.number) == [0.1, 1, 0.5])
        let chances = data.predictions.map { prediction in
            prediction.candidates.first { $0.label.name == "failed" }?.probability
        }
        #expect(chances == [0.1, 0.5, 0.8])
        #expect(data.predictions[0].candidates.first?.label.name == "succeeded")
        let squares = 10 * (0.1 * 0.81 + 0.9 * 0.01) + 2 * 0.25 + 2 * (0.5 * 0.04 + 0.5 * 0.64)
        #expect(abs((data.metrics["brier"] ?? 0) - squares / 14) < 1e-12)
        #expect(data.metrics["calls"] == 30)
    }

    @Test("is of no tool that has fewer calls than before, and of a bounded number of tools") func bounds() {
        let before = Self.table([("a", 5, 1), ("b", 5, 5)])
        let after = Self.table([("a", 4, 1), ("b", 6, 4)] + (0..<40).map { ("t\($0)", 1, 0) })
        let data = VersionEvaluation(before: before, after: after).data([:])
        #expect(data.predictions.count == VersionEvaluation.mostTools)
        #expect(!data.features.contains { $0.name == "calls s/a" || $0.name == "calls s/b" })
        let none = VersionEvaluation(before: before, after: before).data([:])
        #expect(none.predictions.isEmpty && none.metrics["brier"] == nil)
    }
}
