import Synchronization
import Telemetry

/// What happened since an event stream last sent something.
final class EventBuffer: Sendable {
    /// The most calls, and the most changes, that wait.
    static let capacity = 200

    private struct State {
        var calls: [CallRecord] = []
        var changes: [[UInt8]] = []
        var lost = 0
    }

    private let state = Mutex(State())

    /// Called on any thread.
    func append(_ event: TelemetryEvent) {
        state.withLock { state in
            if case .call(let record) = event {
                if state.calls.count < Self.capacity { state.calls.append(record) } else { state.lost += 1 }
            } else if let change = Self.change(event), state.changes.last != change {
                if state.changes.count < Self.capacity { state.changes.append(change) }
            }
        }
    }

    func take() -> (calls: [CallRecord], changes: [[UInt8]], lost: Int) {
        let taken = state.withLock { state in
            defer { state = State() }
            return state
        }
        return (taken.calls, taken.changes, taken.lost)
    }

    private static func change(_ event: TelemetryEvent) -> [UInt8]? {
        switch event {
        case .call: nil
        case .server(let name, let state, let detail):
            AdminJSON.object { json in
                json.field("kind", "server")
                json.field("server", name)
                json.field("state", state)
                json.field("detail", detail)
            }
        case .catalogChanged: AdminJSON.object { $0.field("kind", "catalog") }
        case .reloaded: AdminJSON.object { $0.field("kind", "reloaded") }
        }
    }
}
