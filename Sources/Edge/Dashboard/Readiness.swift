/// Whether the gateway takes calls, and what is not as it should be.
package struct Readiness: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        case ready
        /// Calls are served, but something is amiss, such as one dead server.
        case degraded
        case starting, draining, down

        /// Whether a load balancer should send calls.
        package var takesCalls: Bool { self == .ready || self == .degraded }
    }

    package struct Reason: Sendable, Equatable {
        /// Such as `server:git`.
        package var component: String
        package var state: String
        package var detail: String
        /// Microseconds since 1970.
        package var sinceMicroseconds: UInt64

        package init(component: String, state: String, detail: String, sinceMicroseconds: UInt64) {
            self.component = component
            self.state = state
            self.detail = detail
            self.sinceMicroseconds = sinceMicroseconds
        }
    }

    package var state: State
    package var reasons: [Reason]

    package init(_ state: State, reasons: [Reason] = []) {
        self.state = state
        self.reasons = reasons
    }
}
