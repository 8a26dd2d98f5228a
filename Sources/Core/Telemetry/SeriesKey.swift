/// The labels by which calls are counted.
package struct SeriesKey: Hashable, Sendable {
    package var server: String
    package var tool: String
    package var method: String
    package var outcome: CallRecord.Outcome

    /// Stands for every value beyond a bound.
    package static let other = "other"

    package init(server: String, tool: String, method: String, outcome: CallRecord.Outcome) {
        self.server = server
        self.tool = tool
        self.method = method
        self.outcome = outcome
    }

    /// Takes from a record only values that a client cannot make up: a known method, and the name of a tool
    /// or prompt only if it led to a server.
    package init(_ record: borrowing CallRecord) {
        server = record.server
        outcome = record.outcome
        // Nearly all calls are of tools; looking every other method up costs a hash.
        let known = record.method == "tools/call" ? true : Self.methods[record.method]
        method = known == nil ? Self.other : record.method
        switch known {
        case .some(true) where record.server.isEmpty || record.outcome == .refused: tool = Self.other
        case .some(true): tool = record.tool
        default: tool = ""
        }
    }

    /// Hashes what tells most keys apart and no more: a tool's name nearly always implies its server and
    /// method.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(tool.isEmpty ? method : tool)
        hasher.combine(server.utf8.count &* 16 &+ Int(outcome.rawValue))
    }

    /// What the labels become when there are too many series.
    package var overflow: SeriesKey {
        SeriesKey(server: Self.other, tool: Self.other, method: Self.other, outcome: outcome)
    }

    /// The protocol's methods, and whether they name a tool or a prompt.
    private static let methods: [String: Bool] = [
        "tools/call": true, "prompts/get": true, "initialize": false, "ping": false, "tools/list": false,
        "prompts/list": false, "resources/list": false, "resources/templates/list": false,
        "resources/read": false,
        "resources/subscribe": false, "resources/unsubscribe": false, "completion/complete": false,
        "logging/setLevel": false, "server/discover": false, "subscriptions/listen": false,
        "sampling/createMessage": false, "elicitation/create": false, "roots/list": false, "tasks/get": false,
        "tasks/list": false, "tasks/result": false, "tasks/cancel": false, "tasks/update": false,
        "notifications/initialized": false, "notifications/cancelled": false, "notifications/progress": false,
        "notifications/message": false, "notifications/roots/list_changed": false,
        "notifications/tools/list_changed": false, "notifications/prompts/list_changed": false,
        "notifications/resources/list_changed": false, "notifications/resources/updated": false,
    ]
}
