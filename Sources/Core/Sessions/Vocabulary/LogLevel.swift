import Wire

/// The severity of a server's log message (RFC 5424), least severe first.
package enum LogLevel: UInt8, CaseIterable, Comparable, Hashable, Sendable {
    case debug, info, notice, warning, error, critical, alert, emergency

    package var text: String {
        switch self {
        case .debug: "debug"
        case .info: "info"
        case .notice: "notice"
        case .warning: "warning"
        case .error: "error"
        case .critical: "critical"
        case .alert: "alert"
        case .emergency: "emergency"
        }
    }

    package init?(_ text: String) {
        guard let level = Self.allCases.first(where: { $0.text == text }) else { return nil }
        self = level
    }

    /// The level that the `params` of a `notifications/message` or a `logging/setLevel` names.
    package init?(params: JSONView) {
        guard let text = params["level"]?.string else { return nil }
        self.init(text)
    }

    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
