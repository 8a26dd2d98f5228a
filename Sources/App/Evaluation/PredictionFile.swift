import Foundation
import Learners
import Patterns
import Wire

/// Writes a line a scored row: its key, what came, and the ranked candidates with their probabilities.
final class PredictionFile {
    private static let flushBytes = 1 << 20

    private let path: String
    private let handle: FileHandle
    private var pending: [UInt8] = []

    init(_ path: String) throws(EvaluationFailure) {
        self.path = path
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw .unwritable(path: path, reason: "it cannot be created") }
        self.handle = handle
    }

    func append(
        _ row: CallRow, _ ranked: [NextTool.Candidate], _ tools: ToolNames
    ) throws(EvaluationFailure) {
        try append(row, nil, ranked.map { ($0.symbol, nil, $0.probability) }, tools)
    }

    func append(
        _ row: CallRow, _ arguments: [UInt8], _ ranked: [NextCall.Candidate], _ tools: ToolNames
    ) throws(EvaluationFailure) {
        try append(row, arguments, ranked.map { ($0.symbol, $0.arguments, $0.probability) }, tools)
    }

    func append(_ row: CallRow, score: Float, isPositive: Bool) throws(EvaluationFailure) {
        var json = Self.begun(row)
        json.field("label", isPositive ? 1 : 0)
        json.field("score", Double(score))
        try end(&json)
    }

    /// Writes a session by its most suspicious call: what its arguments copied, and from where.
    func append(
        _ row: CallRow, _ finding: SessionAnomaly.Finding, isPositive: Bool
    ) throws(EvaluationFailure) {
        var json = Self.begun(row)
        json.field("label", isPositive ? 1 : 0)
        json.field("score", Double(finding.probability))
        json.field("call", finding.call)
        json.field("tool_bits", Double(finding.toolBits))
        if let source = finding.source {
            let value = row.arguments.dropFirst(finding.value.lowerBound).prefix(finding.value.count)
            json.field("value", String(decoding: value, as: UTF8.self))
            json.field("value_bits", Double(finding.valueBits))
            json.field("source_call", source.call)
            json.field("source_offset", source.offset)
        }
        try end(&json)
    }

    /// Writes a session by its first row.
    func append(
        _ row: CallRow, server: String, cluster: Int, name: String
    ) throws(EvaluationFailure) {
        var json = Self.begun(row)
        json.field("label", server)
        json.field("cluster", cluster)
        json.field("name", name)
        try end(&json)
    }

    /// Writes a question with the ids of its candidates.
    func append(
        _ dataset: String, _ question: RetrievalData.Question, _ ranked: [(id: String, probability: Double)]
    ) throws(EvaluationFailure) {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.field("dataset", dataset)
        json.field("qid", question.id)
        json.key("candidates")
        json.beginArray()
        for candidate in ranked {
            json.beginObject()
            json.field("id", candidate.id)
            json.field("p", candidate.probability)
            json.endObject()
        }
        json.endArray()
        try end(&json)
    }

    /// Writes a choice and its reward.
    func append(
        _ dataset: String, seed: Int, round: Int, arm: String, propensity: Float, reward: Int
    ) throws(EvaluationFailure) {
        var json = JSONWriter(capacity: 128)
        json.beginObject()
        json.field("dataset", dataset)
        json.field("seed", seed)
        json.field("round", round)
        json.field("arm", arm)
        json.field("p", Double(propensity))
        json.field("reward", reward)
        try end(&json)
    }

    /// Writes the mean returns of a seed.
    func append(
        _ dataset: String, seed: Int, policy: Double, threshold: Double, oneStep: Double
    ) throws(EvaluationFailure) {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.field("dataset", dataset)
        json.field("seed", seed)
        json.field("mean_return", policy)
        json.field("threshold_return", threshold)
        json.field("one_step_return", oneStep)
        try end(&json)
    }

    /// Writes a comparison of two agents.
    func append(
        _ dataset: String, seed: Int, first: String, second: String, unitsPerArm: Double, test: SequentialTest
    ) throws(EvaluationFailure) {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.field("dataset", dataset)
        json.field("seed", seed)
        json.field("first", first)
        json.field("second", second)
        json.field("n_per_arm", unitsPerArm)
        json.field("decided", test.isDecided)
        json.field("difference", test.difference)
        try end(&json)
    }

    /// Writes a call or run with what came and what was said of it.
    func append(
        _ row: OutcomeRow, label: Double, fields: [(name: StaticString, value: Double)]
    ) throws(EvaluationFailure) {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.field("dataset", row.dataset)
        json.field("session_id", row.session)
        json.field("model", row.agent)
        json.field("server", row.server)
        json.field("tool", row.tool)
        json.field("run", row.run)
        json.field("label", label)
        for field in fields { json.field(field.name, field.value) }
        try end(&json)
    }

    /// Writes a value of a series.
    func append(
        _ series: SeriesData, _ index: Int, score: Float, isAlarm: Bool
    ) throws(EvaluationFailure) {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.field("dataset", series.dataset)
        json.field("series", series.name)
        json.field("index", index)
        json.field("label", series.windows.contains { $0.contains(index) } ? 1 : 0)
        json.field("score", Double(score))
        json.field("alarm", isAlarm)
        try end(&json)
    }

    /// Writes a row with its candidates, with arguments in canonical JSON where they were predicted.
    private func append(
        _ row: CallRow, _ arguments: [UInt8]?,
        _ ranked: [(symbol: Int, arguments: [UInt8]?, probability: Float)], _ tools: ToolNames
    ) throws(EvaluationFailure) {
        var json = Self.begun(row)
        if let arguments { json.field("args", raw: arguments) }
        json.key("candidates")
        json.beginArray()
        for candidate in ranked {
            let name = tools.name(candidate.symbol)
            json.beginObject()
            json.field("server", name.server)
            json.field("tool", name.tool)
            if let arguments = candidate.arguments { json.field("args", raw: arguments) }
            json.field("p", Double(candidate.probability))
            json.endObject()
        }
        json.endArray()
        try end(&json)
    }

    /// An object with the key of a row, still open.
    private static func begun(_ row: CallRow) -> JSONWriter {
        var json = JSONWriter(capacity: 512)
        json.beginObject()
        json.field("dataset", row.dataset)
        json.field("session_id", row.session)
        json.field("step", row.step)
        json.field("server", row.server)
        json.field("tool", row.tool)
        return json
    }

    private func end(_ json: inout JSONWriter) throws(EvaluationFailure) {
        json.endObject()
        pending += json.bytes
        pending.append(UInt8(ascii: "\n"))
        if pending.count > Self.flushBytes { try flush() }
    }

    func flush() throws(EvaluationFailure) {
        do {
            try handle.write(contentsOf: Data(pending))
        } catch {
            throw .unwritable(path: path, reason: "it cannot be written")
        }
        pending.removeAll(keepingCapacity: true)
    }
}
