/// What a call has to do before it is forwarded.
package enum AuditGate: Sendable, Equatable {
    /// Nothing: there is room for its entry.
    case open
    /// Wait: for room, or until its start is on disk.
    case holds
    /// It is refused: the log can't be written.
    case refuses
}
