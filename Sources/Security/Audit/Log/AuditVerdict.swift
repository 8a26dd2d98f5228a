/// What became of the start of a call that waited.
package enum AuditVerdict: Sendable, Equatable {
    /// It may go on.
    case passed
    /// It is refused: the log can't be written.
    case refused
}
