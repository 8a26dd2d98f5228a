import Schemas

/// Selects entries; what is nil selects all.
package struct AuditFilter: Sendable {
    package var kind: AuditKind?
    package var principal: String?
    package var tool: String?
    package var server: String?
    package var callID: UInt64?
    /// Microseconds since 1970: from this moment on.
    package var since: UInt64?
    /// Before this moment.
    package var until: UInt64?

    package init() {}

    func matches(_ entry: AuditEntry) -> Bool {
        if let kind, AuditKind(entry) != kind { return false }
        if let since, entry.timestamp < since { return false }
        if let until, entry.timestamp >= until { return false }
        guard principal != nil || tool != nil || server != nil || callID != nil else { return true }
        switch entry.what {
        case .call(let call): return matches(call)
        case .access(let access):
            return tool == nil && server == nil && callID == nil && access.principal == principal
        default: return false
        }
    }

    private func matches(_ call: AuditCall) -> Bool {
        if let principal, call.principal != principal { return false }
        if let tool, call.tool != tool { return false }
        if let server, call.server != server { return false }
        if let callID, call.callID != callID { return false }
        return true
    }
}
