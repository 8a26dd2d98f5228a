/// How much a log line matters, from the least to the most.
package enum LogLevel: UInt8, Sendable, CaseIterable, Comparable {
    case trace, debug, info, warn, error

    /// The name in configurations and log lines.
    package var text: String {
        switch self {
        case .trace: "trace"
        case .debug: "debug"
        case .info: "info"
        case .warn: "warn"
        case .error: "error"
        }
    }

    package init?(text: String) {
        guard let level = Self.allCases.first(where: { $0.text == text }) else { return nil }
        self = level
    }

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
