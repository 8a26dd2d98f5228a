import Learners
import ModelHistory
import Patterns

/// The learner's state as a version of the model `learner`: the parts `counts`, `tools` and `predictions` of
/// what it knows, and `positions`, up to where it had read when that was so; and those of `TrafficPatterns`.
///
/// Rates and predictions are of a moment and of one machine's clock: a version has none.
enum LearnerVersion {
    static let model = LearnerModel.model
    static let kind = LearnerModel.kind
    static let positions = "positions"
    static let author = LearnerModel.author

    static func parts(_ state: LearnerState, _ positions: LearnerPositions) -> [String: [UInt8]] {
        var (counts, table, read, none) = (ByteEncoder(), ByteEncoder(), ByteEncoder(), ByteEncoder())
        for field in LearnerCounts.fields { counts.write(state.counts[keyPath: field]) }
        state.tools.withoutRates.save(to: &table)
        positions.ofObservations.save(to: &read)
        PredictionTable().save(to: &none)
        return [
            LearnerModel.countsPart: counts.bytes, LearnerModel.toolsPart: table.bytes,
            LearnerModel.predictionsPart: none.bytes, Self.positions: read.bytes,
        ]
    }

    /// The statistics of a version, nil from parts that no learner wrote.
    ///
    /// - Parameter modelBytes: what they may use.
    static func tools(_ parts: [String: [UInt8]], modelBytes: Int) -> ToolTable? {
        guard let bytes = parts[LearnerModel.toolsPart] else { return nil }
        var decoder = ByteDecoder(bytes)
        guard let table = ToolTable(bytes: modelBytes, restoring: &decoder), decoder.isAtEnd else {
            return nil
        }
        return table
    }

    /// The parts that are patterns.
    static func patterns(_ parts: [String: [UInt8]]) -> [String: [UInt8]] {
        let names = Set(TrafficPatterns.Part.allCases.map(\.rawValue))
        return parts.filter { names.contains($0.key) }
    }

    static func positions(_ bytes: [UInt8]) -> LearnerPositions? {
        var decoder = ByteDecoder(bytes)
        guard let positions = LearnerPositions(restoring: &decoder), decoder.isAtEnd else { return nil }
        return positions
    }
}
