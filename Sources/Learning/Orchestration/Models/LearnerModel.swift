import Learners
import ModelHistory

/// The learner's state as a model with a history.
///
/// | part | what |
/// |---|---|
/// | `counts` | what the learner has done |
/// | `tools` | the statistics of each tool |
/// | `predictions` | what Python programs published |
///
/// What a version has beside these is kept as it is: of two it is that of `ours`.
package struct LearnerModel: ModelKind {
    /// What the history calls it.
    package static let model = ModelName("learner")!
    package static let kind = ModelName("attune.learner")!
    /// Who the learner is in the history.
    package static let author = "learner"
    static let countsPart = "counts"
    static let toolsPart = "tools"
    static let predictionsPart = "predictions"

    package init() {}

    package var name: ModelName { Self.kind }

    package static func parts(of state: LearnerState) -> [String: [UInt8]] {
        var (counts, tools, predictions) = (ByteEncoder(), ByteEncoder(), ByteEncoder())
        for field in LearnerCounts.fields { counts.write(state.counts[keyPath: field]) }
        state.tools.save(to: &tools)
        state.predictions.save(to: &predictions)
        return [countsPart: counts.bytes, toolsPart: tools.bytes, predictionsPart: predictions.bytes]
    }

    /// The state that parts hold, all of whose statistics are to be published; nil from parts that no state
    /// wrote.
    ///
    /// - Parameter modelBytes: what statistics may use.
    package static func state(_ parts: [String: [UInt8]], modelBytes: Int = .max) -> LearnerState? {
        guard let counts = parts[countsPart].flatMap(counts),
            let tools = parts[toolsPart].flatMap({ tools($0, modelBytes) }),
            let predictions = parts[predictionsPart].flatMap(predictions)
        else { return nil }
        return LearnerState(counts: counts, tools: tools, predictions: predictions)
    }

    private static func counts(_ bytes: [UInt8]) -> LearnerCounts? {
        var decoder = ByteDecoder(bytes)
        var counts = LearnerCounts()
        for field in LearnerCounts.fields {
            guard let value = decoder.integer() else { return nil }
            counts[keyPath: field] = value
        }
        return decoder.isAtEnd ? counts : nil
    }

    private static func tools(_ bytes: [UInt8], _ modelBytes: Int) -> ToolTable? {
        var decoder = ByteDecoder(bytes)
        let tools = ToolTable(bytes: modelBytes, restoring: &decoder)
        return decoder.isAtEnd ? tools : nil
    }

    private static func predictions(_ bytes: [UInt8]) -> PredictionTable? {
        var decoder = ByteDecoder(bytes)
        let predictions = PredictionTable(restoring: &decoder)
        return decoder.isAtEnd ? predictions : nil
    }
}
