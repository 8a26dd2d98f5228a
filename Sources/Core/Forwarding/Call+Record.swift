import Identifiers
import Sessions
import Telemetry

// What is remembered of a call.
extension Call {
    /// Called once, when the call has ended.
    func record(_ outcome: CallRecord.Outcome, errorCode: Int) {
        let now = loop.now
        let duration = now.nanoseconds(since: incoming.start) / 1000
        var record = CallRecord(
            callID: incoming.callID, startMicroseconds: WallClock.microseconds - duration,
            principal: incoming.client.principal, session: incoming.client.session?.publicName ?? "",
            server: hub.plan.name, tool: target.label, method: incoming.method.text,
            modern: incoming.client.era == .modern, outcome: outcome, errorCode: errorCode,
            queueMicroseconds: (queueEnd ?? now).nanoseconds(since: incoming.start) / 1000,
            upstreamMicroseconds: upstreamStart.map { now.nanoseconds(since: $0) / 1000 } ?? 0,
            durationMicroseconds: duration, requestBytes: incoming.message.count,
            resultBytes: answerBytes, adviceVersion: loop.view.advice.version,
            decisions: decisions)
        if let trace { record.traceID = trace.traceID }
        loop.observer?.finished(
            record, of: incoming, server: hub.observedID, item: target.observedID, advice.reason,
            attempts: attempts, answer: serverAnswer)
        loop.gateway.audit?.ended(
            AuditableCall(record, of: incoming, answer: serverAnswer), wasStarted: wasNoted)
        loop.gateway.recorder.finished(record, loop: loop.index)
    }

    private var decisions: [String] {
        guard attempts > 1 else { return [] }
        let reason = hasRelisted ? "the server refused its header fields" : "the first was lost"
        return ["retry: attempt \(attempts) after \(reason)"]
    }
}
