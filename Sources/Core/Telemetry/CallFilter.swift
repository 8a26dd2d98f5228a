/// Selects calls; what is nil selects all.
package struct CallFilter: Sendable {
    package var server: String?
    package var tool: String?
    package var method: String?
    package var outcome: CallRecord.Outcome?
    package var session: String?

    package init(
        server: String? = nil, tool: String? = nil, method: String? = nil, outcome: CallRecord.Outcome? = nil,
        session: String? = nil
    ) {
        self.server = server
        self.tool = tool
        self.method = method
        self.outcome = outcome
        self.session = session
    }

    package func matches(_ record: borrowing CallRecord) -> Bool {
        if let server, server != record.server { return false }
        if let tool, tool != record.tool { return false }
        if let method, method != record.method { return false }
        if let outcome, outcome != record.outcome { return false }
        if let session, session != record.session { return false }
        return true
    }
}
