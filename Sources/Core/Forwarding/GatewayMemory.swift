import Telemetry

/// The budgets of what the gateway keeps; nil where there is no bound of that kind.
package struct GatewayMemory: Sendable {
    /// Sessions, and the events that are kept for clients which come back.
    package var state: MemoryAccount?
    /// Requests that wait for a server or for their client.
    package var routing: MemoryAccount?

    package init(state: MemoryAccount? = nil, routing: MemoryAccount? = nil) {
        self.state = state
        self.routing = routing
    }

    /// Besides its message, what a call under way holds: itself, its frame, its places in tables.
    static let callBytes = 2048
    /// Besides its events, what a session holds.
    static let sessionBytes = 4096
}
