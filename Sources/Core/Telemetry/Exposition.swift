/// Writes metrics in the Prometheus text format, version 0.0.4.
package struct Exposition {
    package enum Kind: String, Sendable { case counter, gauge, histogram }

    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Begins a metric: its HELP and TYPE lines. All samples of one name follow at once.
    package mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        append("# HELP ", name, " ")
        for byte in help.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append(#"\\"#)
            case UInt8(ascii: "\n"): append(#"\n"#)
            default: bytes.append(byte)
            }
        }
        append("\n# TYPE ", name, " ", kind.rawValue, "\n")
    }

    package mutating func sample(_ name: String, _ labels: MetricLabels = [], _ value: UInt64) {
        begin(name, labels)
        append(String(value), "\n")
    }

    package mutating func sample(_ name: String, _ labels: MetricLabels = [], _ value: Double) {
        begin(name, labels)
        append(Self.number(value), "\n")
    }

    /// Writes the `_bucket`, `_sum` and `_count` samples of a histogram, in seconds.
    ///
    /// - Parameter bounds: the upper bounds to show, in microseconds: all of the histogram's or some of them.
    package mutating func histogram(
        _ name: String, _ labels: MetricLabels = [], _ histogram: Histogram, bounds: [UInt64]
    ) {
        for bound in bounds {
            let upper = Self.number(Double(bound) / 1_000_000)
            sample(name + "_bucket", labels + [("le", upper)], histogram.cumulative(upTo: bound))
        }
        sample(name + "_bucket", labels + [("le", "+Inf")], histogram.count)
        sample(name + "_sum", labels, Double(histogram.sumMicroseconds) / 1_000_000)
        sample(name + "_count", labels, histogram.count)
    }

    private mutating func begin(_ name: String, _ labels: MetricLabels) {
        append(name)
        var separator = "{"
        for (label, value) in labels {
            append(separator, label, "=\"")
            separator = ","
            for byte in value.utf8 {
                switch byte {
                case UInt8(ascii: "\\"): append(#"\\"#)
                case UInt8(ascii: "\""): append(#"\""#)
                case UInt8(ascii: "\n"): append(#"\n"#)
                default: bytes.append(byte)
                }
            }
            append("\"")
        }
        append(labels.isEmpty ? " " : "} ")
    }

    private mutating func append(_ parts: String...) {
        for part in parts { bytes.append(contentsOf: part.utf8) }
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return String(value)
    }
}

/// Names and values of labels, in the order in which they are written.
package typealias MetricLabels = [(name: String, value: String)]
