import Foundation
import TestSupport
import Testing
import Wire

@testable import Evaluation

@Suite("Evaluating series") struct SeriesEvaluationTests {
    /// A series with noise and, in the middle of each window, a spike.
    private static func series(
        _ name: String, _ windows: [[Int]], seed: UInt64, start: String = "0"
    ) -> String {
        var random = SeededGenerator(seed: seed)
        let values = (0..<2000).map { index -> String in
            if index == 17 { return "null" }
            let isSpike = windows.contains { ($0[0] + $0[1]) / 2 == index }
            return String(isSpike ? 90 : Double.random(in: 9...11, using: &random))
        }
        return """
            {"series":"\(name)","t0":\(start),"step_s":300.0,"windows":\(windows),\
            "values":[\(values.joined(separator: ","))]}
            """
    }

    @Test("Spikes are found, and the file gives the score again") func spikes() throws {
        let files = try CallFile()
        var options = EvaluationOptions()
        let windows = [[[900, 1000], [1500, 1600]], [], [[700, 800]]]
        let lines = windows.enumerated().map { number, spans in
            Self.series("s\(number)", spans, seed: UInt64(number), start: "\"2014-04-01 00:00:00\"")
        }
        options.data = [try files.write("data", lines)]
        options.predictions = "\(files.folder.path)/predictions"
        let result = try #require(try Evaluator(options).run(.series).first)
        #expect((result.dataset, result.rows, result.warmRows) == ("nab", 5100, 0))
        let value = try #require(result.value(.nabStandard))
        #expect(value > 85)
        var (scores, labels): ([String: [Float]], Int) = ([:], 0)
        try InputLines.forEach(try #require(options.predictions)) { row, _ throws(EvaluationFailure) in
            scores[row["series"]?.string ?? "", default: []].append(Float(row["score"]?.double ?? -1))
            labels += Int(row["label"]?.double ?? 0)
        }
        var score = WindowScore()
        for (number, spans) in windows.enumerated() {
            score.insert(scores: scores["s\(number)"] ?? [], windows: spans.map { $0[0]...$0[1] })
        }
        #expect(labels == 303)
        #expect(abs(value - (score.best?.result ?? -1)) < 1e-9)
    }

    @Test("The level of alarms is learned from labelled series") func warm() throws {
        let files = try CallFile()
        var options = EvaluationOptions()
        options.data = [try files.write("data", [Self.series("s", [[900, 1000]], seed: 1)])]
        options.warm = [
            try files.write(
                "warm", (2..<14).map { Self.series("w", [[900, 1000]], seed: UInt64($0)) })
        ]
        let result = try #require(try Evaluator(options).run(.series).first)
        #expect(result.warmRows == 24_000)
        #expect(try #require(result.value(.nabStandard)) > 85)
    }

    @Test("A series without any window has no score") func unlabelled() throws {
        let files = try CallFile()
        var options = EvaluationOptions()
        options.data = [try files.write("data", [Self.series("s", [], seed: 1)])]
        #expect(try Evaluator(options).run(.series).first?.value(.nabStandard) == nil)
    }

    @Test(
        "Windows that are none are told with the line",
        arguments: ["[[5]]", "[[-1,2]]", "[[3,2]]", "[[1,9]]", "[[2,3],[3,4]]", "[[0.5,2]]"])
    func malformed(windows: String) throws {
        let files = try CallFile()
        var options = EvaluationOptions()
        let line = #"{"series":"s","t0":0,"step_s":1,"values":[1,2,3,4,5],"windows":\#(windows)}"#
        options.data = [try files.write("data", [line])]
        #expect(throws: EvaluationFailure.self) { try Evaluator(options).run(.series) }
    }

    @Test("Times are read as the calendar has them")
    func times() {
        #expect(CivilTime.seconds("1970-01-01 00:00:00") == 0)
        #expect(CivilTime.seconds("2014-04-01 00:00:00") == 1_396_310_400)
        #expect(CivilTime.seconds("2000-02-29T23:59:59") == 951_868_799)
        #expect(CivilTime.seconds("1969-12-31 23:59:58.25") == -2)
        for text in ["", "2014-04-01", "2014-13-01 00:00:00", "2014-04-01x00:00:00", "2014-04-01 0a:00:00"] {
            #expect(CivilTime.seconds(text) == nil)
        }
    }
}
