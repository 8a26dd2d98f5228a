import Configuration
import Telemetry
import Transports

/// Connects what is counted elsewhere to `/metrics`.
extension GatewayProgram {
    func registerGauges() {
        let connector = self.connector
        let connections = [
            MetricFamily("attune_client_connections", .gauge, "Open connections of clients, by listener.") {
                [weak self] in
                self?.openConnections.map { MetricFamily.Sample([("listener", $0)], Double($1)) } ?? []
            },
            MetricFamily(
                "attune_refused_requests_total", .counter,
                "Requests that were turned away before they were read as MCP, by listener and HTTP status."
            ) { [weak self] in
                self?.refusals.map { refused in
                    let labels = [("listener", refused.listener), ("status", "\(refused.status)")]
                    return MetricFamily.Sample(labels, Double(refused.count))
                } ?? []
            },
            MetricFamily.byServer(
                "attune_upstream_connections", .gauge, "Open connections to the server, over HTTP."
            ) { connector.pools.map { ($0.server, $0.gauge.openCount) } },
            MetricFamily.byServer(
                "attune_upstream_requests_waiting", .gauge,
                "Requests that wait for a connection to the server."
            ) { connector.pools.map { ($0.server, $0.gauge.waitingCount) } },
        ]
        let memory = self.memory
        recorder.metrics.registerMemory {
            MemoryPart.allCases.map { ($0.rawValue, memory.usedBytes(of: $0)) }
        }
        for family in gateway.gauges + connections { recorder.metrics.register(family) }
    }
}
