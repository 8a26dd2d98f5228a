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

    package init(
        _ name: String, _ kind: Exposition.Kind, _ help: String, read: @escaping @Sendable () -> [Sample]
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.read = read
    }
}
