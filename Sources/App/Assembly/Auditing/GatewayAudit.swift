import Audit
import Forwarding

/// Hands what the gateway's event loops tell to the audit log.
final class GatewayAudit: CallAudit {
    let log: AuditLog

    init(_ log: AuditLog) { self.log = log }

    var gate: CallGate {
        switch log.gate {
        case .open: .pass
        case .holds: .wait
        case .refuses: .refuse
        }
    }

    var isRequired: Bool { log.isRequired }
    var notesStarts: Bool { log.isDurable }

    func begin(_ call: AuditableCall, then answer: @escaping @Sendable (Bool) -> Void) {
        log.begin(AuditedCall(call)) { answer($0 == .passed) }
    }

    func ended(_ call: AuditableCall, wasStarted: Bool) {
        log.ended(AuditedCall(call), wasStarted: wasStarted)
    }

    func turnedAway(status: Int, path: String, principal: String, reason: String) {
        log.add(
            .access(AuditedAccess(status: status, path: path, principal: principal, reason: reason)))
    }
}

extension AuditedCall {
    fileprivate init(_ call: AuditableCall) {
        self.init(
            call.record, request: call.request, arguments: call.arguments, answer: call.answer,
            result: call.result)
    }
}
