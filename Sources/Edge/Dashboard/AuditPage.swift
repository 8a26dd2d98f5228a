/// What the audit log gave to a question.
package enum AuditPage: Sendable {
    /// Rows of JSON, the newest first, and the place that the next page ends before.
    case rows([[UInt8]], next: UInt64?)
    case refused(reason: String)
    /// No audit log is kept, or it can't be read now.
    case notAvailable(reason: String)
}
