import Foundation
import TestSupport
import Testing

@testable import Evaluation

@Suite("Evaluating groups of sessions") struct ClusterEvaluationTests {
    @Test("Agreement does not ask what groups are called") func names() {
        var score = ClusterScore()
        for index in 0..<30 { score.insert("kind \(index % 3)", cluster: (index % 3) * 7) }
        #expect(score.metrics.map(\.value).allSatisfy { abs($0 - 1) < 1e-9 })
    }

    @Test("One group for everything is worth nothing") func single() {
        var score = ClusterScore()
        for index in 0..<30 { score.insert("kind \(index % 3)", cluster: 0) }
        #expect(score.metrics.map(\.value).allSatisfy { abs($0) < 1e-9 })
    }

    @Test("The figures are those of a worked example") func example() {
        var score = ClusterScore()
        for (name, cluster) in [("a", 0), ("a", 0), ("b", 0), ("b", 1), ("b", 1), ("b", 1)] {
            score.insert(name, cluster: cluster)
        }
        // ARI: pairs together 1 + 3, expected 7 * 6 / 15 = 2.8, best 6.5.
        #expect(abs(score.metrics[0].value - (4 - 2.8) / (6.5 - 2.8)) < 1e-9)
    }

    @Test("A row is a session, and sessions of one server come together") func sessions() throws {
        let files = try CallFile()
        var options = EvaluationOptions()
        let lines = (0..<60).flatMap { number -> [String] in
            let tools = number % 2 == 0 ? ["send_mail", "read_mail"] : ["PayInvoice", "FindInvoice"]
            let server = number % 2 == 0 ? "post.1" : "office.2"
            return tools.map { CallFile.call($0, session: "s\(number)", server: server) }
        }
        options.data = [try files.write("data", lines)]
        let result = try #require(try Evaluator(options).run(.cluster).first)
        #expect((result.rows, result.value(.ari)) == (60, 1))
    }
}
