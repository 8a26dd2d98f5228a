/// How a log is kept.
package struct AuditSettings: Sendable {
    /// What becomes of a call that the log can't take.
    package enum OnFailure: Sendable, CaseIterable { case refuse, serve }

    /// True if a call is forwarded only when its start is on disk.
    package var isDurable = false
    package var onFailure = OnFailure.serve
    /// Things that wait to be written, beyond which calls wait.
    package var mostWaiting = 16_384
    /// Bytes of messages that wait to be hashed, beyond which calls wait.
    package var mostWaitingBytes = 32 << 20
    /// Calls that wait for the log before they are forwarded.
    package var mostHeld = 8_192

    package init() {}
}
