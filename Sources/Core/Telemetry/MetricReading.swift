/// One series of the metrics at an instant.
package struct MetricReading: Sendable {
    package enum Value: Sendable {
        case gauge(Double)
        /// - Parameter fromZero: whether it began at 0 with this process, or stood where it does before.
        case counter(Double, fromZero: Bool)
        /// Counted from 0 since this process began.
        case histogram(Histogram)
    }

    package var name: String
    package var labels: MetricLabels
    package var value: Value

    package init(_ name: String, _ labels: MetricLabels = [], _ value: Value) {
        self.name = name
        self.labels = labels
        self.value = value
    }
}
