import Sessions

/// What an address of the admin interface leads to.
enum AdminRoute: Equatable {
    case page, styleSheet, script, icon
    case health, readiness, metrics, reload, storeCheckpoint, storeCompact
    case status, servers, tools, calls, sessions, memory, statistics, series, events, top, learner, models
    case audit, auditAct
    case patterns, patternTools, patternSessions, patternAnomalies
    /// The text after `calls/`, as it was sent.
    case call(String)
    /// An address of the contracts behind which this gateway has nothing.
    case notAvailable(String)

    /// - Parameter path: the target's path, raw.
    init?(path: String) {
        if let route = Self.fixed[path] {
            self = route
            return
        }
        guard path.hasPrefix(Self.api) else { return nil }
        let rest = path.dropFirst(Self.api.count)
        if rest.hasPrefix("calls/") {
            self = .call(String(rest.dropFirst(6)))
        } else if let name = Self.later.first(where: { rest == $0 || rest.hasPrefix($0 + "/") }) {
            self = .notAvailable(name)
        } else {
            return nil
        }
    }

    func takes(_ verb: HTTPRequest.Verb) -> Bool {
        switch self {
        case .reload, .storeCheckpoint, .storeCompact, .auditAct: verb == .post
        case .events: verb == .get
        default: verb == .get || verb == .head
        }
    }

    /// What exists, for those who asked for something else.
    static let available = fixed.keys.filter { $0 != "/favicon.svg" }.sorted() + ["/api/v1/calls/{id}"]

    private static let api = "/api/v1/"
    private static let fixed: [String: AdminRoute] = [
        "/": .page, "/dashboard.css": .styleSheet, "/dashboard.js": .script, "/favicon.svg": .icon,
        "/healthz": .health, "/readyz": .readiness, "/metrics": .metrics, "/-/reload": .reload,
        "/api/v1/status": .status, "/api/v1/servers": .servers, "/api/v1/tools": .tools,
        "/api/v1/calls": .calls, "/api/v1/sessions": .sessions, "/api/v1/memory": .memory,
        "/api/v1/metrics": .statistics, "/api/v1/metrics/series": .series, "/api/v1/events": .events,
        "/api/v1/top": .top, "/api/v1/learner": .learner, "/api/v1/models": .models,
        "/api/v1/audit": .audit, "/api/v1/audit/acts": .auditAct,
        "/api/v1/patterns": .patterns, "/api/v1/patterns/tools": .patternTools,
        "/api/v1/patterns/sessions": .patternSessions, "/api/v1/patterns/anomalies": .patternAnomalies,
        "/api/v1/store/checkpoint": .storeCheckpoint, "/api/v1/store/compact": .storeCompact,
    ]
    private static let later = [
        "policies", "experiments", "workflows",
    ]
}
