/// The colours of text for people; empty where colours are not wanted.
struct Style {
    enum Tint: String {
        case good = "32"
        case warn = "33"
        case bad = "31"
        case dim = "2"
        case strong = "1"
    }

    let isColored: Bool

    func tinted(_ text: String, _ tint: Tint?) -> String {
        guard isColored, let tint else { return text }
        return "\u{1B}[\(tint.rawValue)m\(text)\u{1B}[0m"
    }

    /// The colour of a state of the gateway or a server, or of a call's outcome.
    static func tint(ofState state: String) -> Tint? {
        switch state {
        case "ready", "up", "ok", "attached": .good
        case "degraded", "starting", "draining", "tool_error", "refused", "warn", "waiting", "stalled": .warn
        case "idle", "cancelled", "skip", "off": .dim
        case "down", "fail", "rpc_error", "upstream_timeout", "upstream_unavailable", "circuit_open",
            "overloaded",
            "message_too_large", "upstream_protocol_error":
            .bad
        default: nil
        }
    }

    /// Text from servers and clients without control characters, which could steer the terminal.
    static func printable(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
                ? "\u{FFFD}" : scalar
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
