import Foundation
import TestSupport
import Testing
import Wire

@testable import Evaluation

@Suite("Evaluating the search of tools") struct RetrievalEvaluationTests {
    private static func catalog() -> [String] {
        ["send_mail", "read_mail", "get_weather", "find_route", "run_query", "list_tables"].map {
            """
            {"id":"s/\($0)","name":"\($0)","server":"s","description":"\($0.replacing("_", with: " "))",\
            "params":{"id":"a number"}}
            """
        }
    }

    private static func question(_ number: Int, _ text: String, _ golds: [[String]]) -> String {
        let gold = golds.map { "[" + $0.map { "\"s/\($0)\"" }.joined(separator: ",") + "]" }.joined(
            separator: ",")
        return "{\"qid\":\"q\(number)\",\"set\":\"made\",\"query\":\"\(text)\",\"gold\":[\(gold)]}"
    }

    @Test("Questions in a tool's words find it, and the file's candidates say the same") func words() throws {
        let files = try CallFile()
        var options = EvaluationOptions()
        options.catalog = [try files.write("catalog", Self.catalog())]
        options.data = [
            try files.write(
                "data",
                [
                    Self.question(1, "the weather", [["get_weather"]]),
                    Self.question(2, "send a mail", [["send_mail"]]),
                    Self.question(3, "list the tables", [["none", "list_tables"]]),
                    Self.question(4, "unknown to the catalogue", [["none"]]),
                ])
        ]
        options.predictions = "\(files.folder.path)/predictions"
        let result = try #require(try Evaluator(options).run(.retrieve).first)
        #expect((result.dataset, result.rows) == ("made", 3))
        #expect(result.metrics.map(\.value) == [1, 1, 1, 1])
        var first: [String: String] = [:]
        try InputLines.forEach(try #require(options.predictions)) { row, _ throws(EvaluationFailure) in
            first[row["qid"]?.string ?? ""] = row["candidates"]?.elements.first { _ in true }?["id"]?.string
        }
        #expect(first == ["q1": "s/get_weather", "q2": "s/send_mail", "q3": "s/list_tables"])
    }

    @Test("Shares and gains are those of a worked example") func score() {
        var score = RetrievalScore()
        score.insert([0, 6, nil])
        let values = score.metrics.map(\.value)
        let ideal = 1 + 1 / log2(3.0) + 1 / log2(4.0)
        for (value, expected) in zip(values, [1.0 / 3, 1.0 / 3, 2.0 / 3, (1 + 1 / log2(8.0)) / ideal]) {
            #expect(abs(value - expected) < 1e-12)
        }
    }

    @Test("Without a catalogue there is nothing to look among") func noCatalog() throws {
        let files = try CallFile()
        var options = EvaluationOptions()
        options.data = [try files.write("data", [Self.question(1, "x", [["y"]])])]
        #expect(throws: EvaluationFailure.noCatalog) { try Evaluator(options).run(.retrieve) }
    }
}
