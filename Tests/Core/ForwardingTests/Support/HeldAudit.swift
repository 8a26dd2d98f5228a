import Synchronization
import Telemetry

@testable import Forwarding

/// An audit log in memory whose gate a test sets, and which answers calls when the test lets it.
final class HeldAudit: CallAudit {
    private struct State {
        var gate: CallGate
        var isRequired: Bool
        var notesStarts: Bool
        var begun: [CallRecord] = []
        var ended: [(record: CallRecord, wasStarted: Bool)] = []
        var turnedAway: [(status: Int, path: String, principal: String)] = []
        var waiting: [@Sendable (Bool) -> Void] = []
    }

    private let state: Mutex<State>

    init(_ gate: CallGate, isRequired: Bool, notesStarts: Bool) {
        state = Mutex(State(gate: gate, isRequired: isRequired, notesStarts: notesStarts))
    }

    var gate: CallGate { state.withLock { $0.gate } }
    var isRequired: Bool { state.withLock { $0.isRequired } }
    var notesStarts: Bool { state.withLock { $0.notesStarts } }
    var begun: [CallRecord] { state.withLock { $0.begun } }
    var ended: [(record: CallRecord, wasStarted: Bool)] { state.withLock { $0.ended } }
    var turnedAway: [(status: Int, path: String, principal: String)] { state.withLock { $0.turnedAway } }

    func begin(_ call: AuditableCall, then answer: @escaping @Sendable (Bool) -> Void) {
        state.withLock {
            $0.begun.append(call.record)
            $0.waiting.append(answer)
        }
    }

    func ended(_ call: AuditableCall, wasStarted: Bool) {
        state.withLock { $0.ended.append((call.record, wasStarted)) }
    }

    func turnedAway(status: Int, path: String, principal: String, reason: String) {
        state.withLock { $0.turnedAway.append((status, path, principal)) }
    }

    func set(_ gate: CallGate) { state.withLock { $0.gate = gate } }

    /// Tells all who wait what becomes of them.
    func answer(_ isPassed: Bool) {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for one in waiting { one(isPassed) }
    }
}
