import Storage

/// Why a log did not do what it was asked.
public enum AuditFailure: Error, Equatable, Sendable {
    /// The log is not as a gateway leaves it.
    case found(AuditFinding)
    /// There is no entry at a place, or no tree of a size.
    case beyond(place: UInt64, size: UInt64)
    /// No head was signed yet.
    case unsigned
    /// Nothing was ever logged.
    case notBegun
    case storage(StorageError)
    case witness(AuditWitnessFault)
    /// What heads are signed with can't be had.
    case noKey(reason: String)
    /// It has been at one thing for longer than 5 s: a disk may hang.
    case slow

    /// Damage that a store finds by itself is a finding about the log.
    package init(_ error: StorageError) {
        if case .corrupt(_, let detail) = error {
            self = .found(.storeDamaged(detail: detail))
        } else {
            self = .storage(error)
        }
    }
}

extension AuditFailure: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .found(let finding): "\(finding)"
        case .beyond(let place, let size): "there is no \(place): the log has \(size) entries"
        case .unsigned: "no tree head was signed yet"
        case .notBegun: "no audit log was begun in this store"
        case .storage(let error): "\(error)"
        case .witness(let fault): "\(fault)"
        case .noKey(let reason): "its key can't be had: \(reason)"
        case .slow: "a write takes longer than 5 s"
        }
    }
}
