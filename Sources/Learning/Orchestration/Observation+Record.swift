import Rings
import Telemetry

extension Observation {
    /// nil for a record that no gateway writes.
    init?(_ record: borrowing ObservationRecord) {
        guard record.era <= 1, let outcome = CallRecord.Outcome(rawValue: record.outcome) else { return nil }
        self.init(
            server: record.server, tool: record.tool, method: record.method, outcome: outcome,
            startMicroseconds: record.startMicroseconds, queueMicroseconds: record.queueMicroseconds,
            upstreamMicroseconds: record.upstreamMicroseconds,
            durationMicroseconds: record.durationMicroseconds, requestBytes: record.requestBytes,
            resultBytes: record.resultBytes)
    }
}
