import Configuration
import Telemetry
import Transports

/// Connects what is counted elsewhere to `/metrics`.
extension GatewayProgram {
    private static func publishedRecords(of region: CoreRegion) -> MetricFamily {
        MetricFamily(
            "attune_ring_records_published_total", .counter,
            "Records of calls in the observation rings, by event loop."
        ) { [weak region] in
            (region?.publishedRecords ?? []).enumerated().map { loop, count in
                MetricFamily.Sample([("loop", "\(loop)")], Double(count))
            }
        }
    }

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
        if let region { recorder.metrics.register(Self.publishedRecords(of: region)) }
        for family in gateway.gauges + connections { recorder.metrics.register(family) }
    }
}
