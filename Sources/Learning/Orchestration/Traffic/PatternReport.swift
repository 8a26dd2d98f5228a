import Patterns
import Wire

/// What the learner says of its patterns in its report.
package struct PatternReport: Sendable, Equatable {
    /// One measure of one task.
    package struct Accuracy: Sendable, Equatable {
        package var task: String
        package var measure: String
        package var value: Double
        /// Over the latest predictions.
        package var recent: Double
    }

    static let mostAccuracies = 32

    /// Calls that were learned from, and those that there was no time for.
    package var calls: UInt64 = 0
    package var sampledOut: UInt64 = 0
    /// Processor time of predicting, and of learning and publishing.
    package var predictionSeconds = 0.0
    package var trainingSeconds = 0.0
    package var memoryBytes = 0
    package var anomalies: UInt64 = 0
    package var accuracy: [Accuracy] = []

    package init() {}

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("calls", Int(clamping: calls))
        json.field("sampled_out", Int(clamping: sampledOut))
        json.field("predict_s", predictionSeconds)
        json.field("train_s", trainingSeconds)
        json.field("memory_bytes", memoryBytes)
        json.field("anomalies", Int(clamping: anomalies))
        json.key("accuracy")
        json.beginArray()
        for one in accuracy.prefix(Self.mostAccuracies) {
            json.beginObject()
            json.field("task", one.task)
            json.field("measure", one.measure)
            json.field("value", one.value)
            json.field("recent", one.recent)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }

    /// Reads what `write` wrote; what is missing or strange is 0.
    init(_ view: JSONView) {
        func number(_ key: StaticString) -> Double {
            let value = view[key]?.double ?? 0
            return value.isFinite ? max(0, value) : 0
        }
        calls = UInt64(clamping: view["calls"]?.int ?? 0)
        sampledOut = UInt64(clamping: view["sampled_out"]?.int ?? 0)
        predictionSeconds = number("predict_s")
        trainingSeconds = number("train_s")
        memoryBytes = Int(clamping: max(0, view["memory_bytes"]?.int ?? 0))
        anomalies = UInt64(clamping: view["anomalies"]?.int ?? 0)
        for one in view["accuracy"]?.elements.prefix(Self.mostAccuracies).map({ $0 }) ?? [] {
            guard let task = one["task"]?.string, let measure = one["measure"]?.string,
                let value = one["value"]?.double, value.isFinite
            else { continue }
            let recent = one["recent"]?.double ?? 0
            accuracy.append(
                Accuracy(
                    task: String(task.prefix(64)), measure: String(measure.prefix(64)), value: value,
                    recent: recent.isFinite ? recent : 0))
        }
    }
}
