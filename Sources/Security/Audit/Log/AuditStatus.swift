/// How a log is.
package struct AuditStatus: Sendable, Equatable {
    /// Why nothing is written; nil while it is.
    package var fault: AuditFailure?
    /// What was found wrong when it was opened; it is written on.
    package var findings: [AuditFinding] = []
    /// Why the witness was not set down; nil while it is.
    package var witnessFault: AuditWitnessFault?
    /// Since when that is so, in microseconds since 1970.
    package var sinceMicroseconds: UInt64
    /// Entries written since the start.
    package var written: UInt64 = 0
    /// Entries in the log; 0 before it was opened.
    package var size: UInt64 = 0
    /// Things that wait to be written.
    package var waiting = 0
    /// Calls and other things without an entry since the start.
    package var lost: UInt64 = 0
    package var refused: UInt64 = 0

    /// One word for `reason`.
    package var state: String {
        if fault != nil { return "down" }
        if !findings.isEmpty { return "tampered" }
        return witnessFault == nil ? "up" : "unwitnessed"
    }

    /// What its users are to know: nil while all is well.
    package var reason: String? {
        if let fault { return "\(fault)" }
        if let finding = findings.first {
            return findings.count == 1 ? "\(finding)" : "\(finding), and \(findings.count - 1) more"
        }
        return witnessFault.map { "\($0)" }
    }
}
