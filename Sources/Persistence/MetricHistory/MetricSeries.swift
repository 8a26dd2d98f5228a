import Telemetry

/// A series: what is measured, and of what.
package struct MetricSeries: Hashable, Sendable {
    package struct Label: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package enum Kind: Hashable, Sendable {
        /// A value that goes up and down.
        case gauge
        /// A count; kept as what it grew by.
        case counter
        /// Durations by bucket, with upper bounds in microseconds; kept as what each bucket grew by.
        case histogram(bounds: [UInt64])
    }

    package static let mostLabels = 8
    package static let mostTextBytes = 256
    package static let mostBounds = 63

    package var kind: Kind
    package var name: String
    package var labels: [Label]

    package init(_ kind: Kind, _ name: String, _ labels: [Label] = []) {
        self.kind = kind
        self.name = name
        self.labels = labels
    }

    /// Whether it has all of the labels that are asked for.
    package func matches(_ wanted: [Label]) -> Bool { wanted.allSatisfy(labels.contains) }

    /// Whether what is written of it can be read: its texts and labels are within bounds.
    var isBounded: Bool {
        let texts = [name] + labels.flatMap { [$0.name, $0.value] }
        guard labels.count <= Self.mostLabels, texts.allSatisfy({ $0.utf8.count <= Self.mostTextBytes })
        else { return false }
        if case .histogram(let bounds) = kind { return bounds.count <= Self.mostBounds }
        return true
    }
}

extension MetricSeries {
    init(_ reading: MetricReading) {
        let kind: Kind =
            switch reading.value {
            case .gauge: .gauge
            case .counter: .counter
            case .histogram(let histogram): .histogram(bounds: histogram.bounds)
            }
        self.init(kind, reading.name, reading.labels.map { Label($0.name, $0.value) })
    }
}
