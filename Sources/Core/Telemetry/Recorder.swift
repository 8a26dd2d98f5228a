import Identifiers

/// Takes note of what the gateway does: metrics, the call log, the log and those who watch, behind one door.
package final class Recorder: Sendable {
    package let log: Log
    package let metrics: Metrics
    package let calls: CallLog
    package let events: EventFanOut

    /// - Parameter loops: the number of event loops; records name the one they come from.
    package init(loops: Int, version: String, log: Log) {
        self.log = log
        metrics = Metrics(loops: loops, version: version)
        calls = CallLog(loops: loops)
        events = EventFanOut()
    }

    /// Takes note of a finished call. Called on the call's loop; does not block.
    package func finished(_ record: CallRecord, loop: Int) {
        metrics.record(record, loop: loop)
        let level = Self.level(record.outcome)
        if log.isEnabled(level) { write(record, level) }
        events.publish(.call(record))
        calls.append(record, loop: loop)
    }

    /// Good calls are written at `debug`, those the client or its tool failed at `info`, the rest at `warn`.
    private static func level(_ outcome: CallRecord.Outcome) -> LogLevel {
        switch outcome {
        case .ok, .cancelled: .debug
        case .toolError, .rpcError, .refused: .info
        case .timeout, .unavailable, .circuitOpen, .overloaded, .tooLarge, .protocolError, .draining: .warn
        }
    }

    private func write(_ record: CallRecord, _ level: LogLevel) {
        log.server(record.server).write(
            level, "call finished", record.callID,
            [
                "method": .string(record.method), "tool": .string(record.tool),
                "outcome": .string(record.outcome.label), "error_code": .integer(record.errorCode),
                "principal": .string(record.principal.name), "session": .string(record.session),
                "era": .string(record.modern ? "modern" : "legacy"),
                "duration_us": .integer(record.durationMicroseconds),
                "upstream_us": .integer(record.upstreamMicroseconds),
                "queue_us": .integer(record.queueMicroseconds),
                "request_bytes": .integer(record.requestBytes),
                "result_bytes": .integer(record.resultBytes),
                "trace_id": .string(record.traceID),
            ])
    }
}
