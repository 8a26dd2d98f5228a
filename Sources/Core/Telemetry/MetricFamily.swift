/// A metric whose values are read when somebody scrapes: a gauge such as open connections, or a counter kept
/// elsewhere.
package struct MetricFamily: Sendable {
    package struct Sample: Sendable {
        package var labels: MetricLabels
        package var value: Double

        package init(_ labels: MetricLabels = [], _ value: Double) {
            self.labels = labels
            self.value = value
        }
    }

    package let name: String
    package let kind: Exposition.Kind
    package let help: String
    /// Called on any thread; bounds its own labels.
    package let read: @Sendable () -> [Sample]

    /// The most servers that have label sets of their own.
    package static let serverLimit = 200

    /// A metric with one sample a server; what is read of servers beyond the limit is summed up as `other`.
    package static func byServer(
        _ name: String, _ kind: Exposition.Kind, _ help: String, limit: Int = serverLimit,
        read: @escaping @Sendable () -> [(server: String, value: Int)]
    ) -> MetricFamily {
        MetricFamily(name, kind, help) {
            var order: [String] = []
            var sums: [String: Int] = [:]
            for (server, value) in read() {
                let label = sums[server] == nil && order.count >= limit ? SeriesKey.other : server
                if sums[label] == nil { order.append(label) }
                sums[label, default: 0] += value
            }
            return order.map { Sample([("server", $0)], Double(sums[$0] ?? 0)) }
        }
    }

    package init(
        _ name: String, _ kind: Exposition.Kind, _ help: String, read: @escaping @Sendable () -> [Sample]
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.read = read
    }
}
