import Telemetry

/// What `/metrics` tells of servers, sessions and queues, read when somebody asks.
extension Gateway {
    package var gauges: [MetricFamily] {
        [
            MetricFamily("attune_servers", .gauge, "Configured servers, by state.") { [weak self] in
                self?.serversByState ?? []
            },
            MetricFamily("attune_sessions", .gauge, "Open sessions of clients of legacy revisions.") {
                [weak self] in [MetricFamily.Sample([], Double(self?.sessions.openCount ?? 0))]
            },
            gauge("attune_server_up", "Whether the server can be called: 1 or 0.") {
                $0.state == .up ? 1 : 0
            },
            gauge("attune_server_tools", "Tools that the server lists.") {
                $0.current.listing?.tools?.items.count ?? 0
            },
            gauge("attune_server_sessions", "Open sessions with the server; over stdio each is a process.") {
                $0.links.count
            },
            gauge("attune_calls_in_flight", "Calls that run at the server now.") { hub in
                hub.admission.withLock { $0.running }
            },
            gauge("attune_calls_in_flight_limit", "The most calls that may run at the server at once.") {
                hub in hub.admission.withLock { $0.limit }
            },
            gauge("attune_queue_length", "Calls that wait for their turn at the server.") { hub in
                hub.admission.withLock { $0.waiting }
            },
            gauge("attune_queue_limit", "The most calls that may wait; more are refused as overload.") {
                hub in
                hub.admission.withLock { $0.queueBound }
            },
            gauge("attune_server_restarts_total", "Times the server went down after it was up.", .counter) {
                $0.current.restarts
            },
        ]
    }

    private func gauge(
        _ name: String, _ help: String, _ kind: Exposition.Kind = .gauge,
        _ value: @escaping @Sendable (ServerHub) -> Int
    ) -> MetricFamily {
        MetricFamily.byServer(name, kind, help) { [weak self] in
            self?.view.hubs.map { ($0.plan.name, value($0)) } ?? []
        }
    }

    private var serversByState: [MetricFamily.Sample] {
        let states = view.hubs.map(\.state)
        return [ServerHub.State.starting, .up, .down].map { state in
            MetricFamily.Sample([("state", state.rawValue)], Double(states.count { $0 == state }))
        }
    }
}
