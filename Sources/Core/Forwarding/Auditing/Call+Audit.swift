import Identifiers
import Telemetry

// What a call waits for before it is forwarded, where an audit log is kept.
extension Call {
    /// How long a call waits for the log.
    static let auditMilliseconds = 5_000
    private static let auditRetryMilliseconds = 1_000

    /// Whether the call may go on at once; else it waits, or was refused.
    func passesAudit() -> Bool {
        guard let audit = loop.gateway.audit else { return true }
        switch audit.gate {
        case .pass: return true
        case .refuse:
            refuseUnaudited()
            return false
        case .wait:
            state = .auditing
            wasNoted = audit.notesStarts
            deadline = min(deadline, loop.now.advanced(byMilliseconds: Self.auditMilliseconds))
            audit.begin(AuditableCall(beginning, of: incoming)) { isPassed in
                self.loop.run { self.audited(isPassed) }
            }
            return false
        }
    }

    private func audited(_ isPassed: Bool) {
        guard state == .auditing else { return }
        deadline = wholeDeadline
        if isPassed { queue() } else { refuseUnaudited() }
    }

    /// The log took too long.
    func auditTimedOut() {
        guard loop.gateway.audit?.isRequired ?? false else {
            deadline = wholeDeadline
            return queue()
        }
        refuseUnaudited()
    }

    private func refuseUnaudited() {
        fail(.auditUnavailable, retryAfterMilliseconds: Self.auditRetryMilliseconds)
    }

    /// What is known of the call now.
    private var beginning: CallRecord {
        let duration = loop.now.nanoseconds(since: incoming.start) / 1000
        return CallRecord(
            callID: incoming.callID, startMicroseconds: WallClock.microseconds - duration,
            principal: incoming.client.principal, session: incoming.client.session?.publicName ?? "",
            server: hub.plan.name, tool: target.label, method: incoming.method.text,
            modern: incoming.client.era == .modern, outcome: .ok, errorCode: 0, queueMicroseconds: 0,
            upstreamMicroseconds: 0, durationMicroseconds: 0, requestBytes: incoming.message.count,
            resultBytes: 0, adviceVersion: loop.view.advice.version, decisions: [])
    }
}
