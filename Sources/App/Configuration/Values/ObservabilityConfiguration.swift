/// `[observability]`: logs and where measurements are sent.
package struct ObservabilityConfiguration: Sendable, Equatable {
    package enum LogLevel: String, Sendable, CaseIterable, Comparable {
        case trace, debug, info, warn, error

        package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    package enum LogFormat: String, Sendable, CaseIterable { case json, text }

    package var logLevel = LogLevel.info
    package var logFormat = LogFormat.json
    /// Where log lines are appended; nil is standard error.
    package var logFile: ExpandedText?
    package var otlpEndpoint: ExpandedText?
    package var fluentd: ExpandedText?

    package init() {}
}
