import ArgumentParser
import Evaluation
import Foundation
import Wire

/// `attune evaluate TASK`.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure what the learners predict on recorded calls.",
        discussion: """
            Each row is predicted, scored, then learned. Files hold one JSON object a line, also gzipped.

            Tasks:
            \(EvaluationTask.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))
            """)

    @Argument(help: "What is predicted.") var task: EvaluationTask
    @Option(name: .customLong("data"), help: "Calls to predict; may be repeated.") var data: [String] = []
    @Option(help: "Calls to learn from first, which are not scored; may be repeated.") var warm: [String] = []
    @Option(help: "What is known of sessions: their server and group; may be repeated.")
    var sessions: [String] = []
    @Option(help: "Tools among which retrieve looks; may be repeated.") var catalog: [String] = []
    @Flag(help: "Learn nothing after the warm part.") var frozen = false
    @Flag(help: "Warm only with sessions without attack.") var cleanWarm = false
    @Flag(help: "Drop warm sessions whose group occurs in the data.") var leaveGroupOut = false
    @Option(help: "The seed of what is random.") var seed: UInt64 = 0
    @Option(help: "How many choices bandit makes with each of its 20 seeds.") var rounds = 15_000
    @Option(help: "What chooses in bandit.") var policy = BanditPolicy.thompson
    @Flag(help: "Tell the metrics after 100, 200, 500, 1,000 … rows too.") var curve = false
    @Option(help: "A file to write a line a scored row to.") var predictions: String?
    @OptionGroup var output: OutputOption
    @OptionGroup var config: ConfigurationOption

    func validate() throws {
        if data.isEmpty { throw ValidationError("--data names the calls to predict") }
        if leaveGroupOut, sessions.isEmpty {
            throw ValidationError("--leave-group-out needs --sessions, which tells the groups")
        }
    }

    func run() throws {
        var options = EvaluationOptions()
        (options.data, options.warm, options.sessions) = (data, warm, sessions)
        (options.isFrozen, options.cleanWarm, options.leaveGroupOut) = (frozen, cleanWarm, leaveGroupOut)
        options.catalog = catalog
        options.rounds = max(1, min(rounds, 10_000_000))
        options.policy = policy
        options.hasCurve = curve
        (options.seed, options.predictions) = (seed, predictions)
        var bar = ProgressBar()
        do throws(EvaluationFailure) {
            let results = try Evaluator(options) { bar.show($0, $1, of: $2) }.run(task)
            bar.clear()
            show(results)
        } catch {
            bar.clear()
            throw CommandFailure.evaluating(error)
        }
    }

    private func show(_ results: [EvaluationResult]) {
        guard !output.isJSON else {
            var json = JSONWriter(capacity: 1024)
            json.beginArray()
            for result in results { result.write(to: &json) }
            json.endArray()
            return Console.data(json.bytes)
        }
        let metrics = EvaluationMetric.allCases.filter { metric in
            results.contains { $0.value(metric) != nil }
        }
        var table = TextTable(
            [.init("dataset"), .init("n", isNumber: true), .init("warm", isNumber: true)]
                + metrics.map { .init($0.rawValue, isNumber: true) }
                + [.init("predict ns", isNumber: true), .init("update ns", isNumber: true)])
        for result in results {
            table.add(
                [.init(result.dataset), .init("\(result.rows)"), .init("\(result.warmRows)")]
                    + metrics.map { .init(result.value($0).map { String(format: "%.3f", $0) } ?? "-") }
                    + [.init("\(result.predictNanoseconds)"), .init("\(result.updateNanoseconds)")])
        }
        Console.data(table.rendered(Style(isColored: Console.isColored)))
        if curve { showCurves(results, metrics) }
    }

    private func showCurves(_ results: [EvaluationResult], _ metrics: [EvaluationMetric]) {
        var table = TextTable(
            [.init("dataset"), .init("after", isNumber: true)]
                + metrics.map { .init($0.rawValue, isNumber: true) })
        for result in results {
            for point in result.curve {
                table.add(
                    [.init(result.dataset), .init("\(point.rows)")]
                        + metrics.map { .init(point.value($0).map { String(format: "%.3f", $0) } ?? "-") })
            }
        }
        Console.data("\n")
        Console.data(table.rendered(Style(isColored: Console.isColored)))
    }
}

extension EvaluationTask: ExpressibleByArgument {}
extension BanditPolicy: ExpressibleByArgument {}
