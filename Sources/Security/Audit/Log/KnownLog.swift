/// What a gateway knows of its own log while it runs, which is more than the witness saw.
///
/// A store that failed is opened anew, and what is found in it then may be another log: an older copy that
/// was put there, an empty one, or one that lost what was not synced.
struct KnownLog {
    /// What a log that was found is to the one that is known.
    enum Judgement {
        case same
        /// So many entries that were not synced are not there.
        case shorter(by: UInt64)
        /// It is to be looked at as at a start; with what is wrong with it, if that is known.
        case other(AuditFinding?)
    }

    /// As of the last write that succeeded.
    private(set) var newest: AuditLedger
    private var newestTime: UInt64
    /// As of the last one that was synced.
    private var synced: AuditLedger
    private(set) var syncedTime: UInt64

    /// - Parameter time: the time of day; the log is synced.
    init(_ ledger: AuditLedger, at time: UInt64) {
        newest = ledger
        newestTime = time
        synced = ledger
        syncedTime = time
    }

    mutating func advance(to ledger: AuditLedger, isSynced: Bool, at time: UInt64) {
        newest = ledger
        newestTime = time
        guard isSynced else { return }
        synced = ledger
        syncedTime = time
    }

    /// - Complexity: O(log n) reads.
    /// - Throws: what a store throws other than that it is damaged.
    func judge(_ found: AuditLedger?, _ reader: AuditReader) throws(AuditFailure) -> Judgement {
        guard let found else { return .other(rolledBack(to: 0)) }
        if found.isSame(as: newest) { return .same }
        guard found.log == newest.log else {
            return .other(.swapped(found: found.log.origin, expected: newest.log.origin))
        }
        guard found.size >= synced.size else { return .other(rolledBack(to: found.size)) }
        do throws(AuditFailure) {
            if try reader.root(size: synced.size) != synced.root {
                return .other(.diverged(witnessed: synced.size, timestamp: syncedTime))
            }
            // Heads are synced when they are written.
            guard found.newestHead == newest.newestHead else { return .other(nil) }
            guard found.size >= newest.size else { return .shorter(by: newest.size - found.size) }
            if try reader.root(size: newest.size) != newest.root {
                return .other(.diverged(witnessed: newest.size, timestamp: newestTime))
            }
            return .other(nil)
        } catch {
            guard case .found(let finding) = error else { throw error }
            return .other(finding)
        }
    }

    private func rolledBack(to size: UInt64) -> AuditFinding {
        .rolledBack(size: size, witnessed: synced.size, timestamp: syncedTime)
    }
}

extension AuditLedger {
    var root: MerkleHash { frontier.root }

    /// Whether it is of the same entries, and of the same newest head.
    func isSame(as other: AuditLedger) -> Bool {
        frontier == other.frontier && newestHead == other.newestHead
    }
}
