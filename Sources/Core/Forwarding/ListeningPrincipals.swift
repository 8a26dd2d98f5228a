import Identifiers
import Synchronization

/// The principals whose modern clients listen for changes of lists, and what is about to be passed to them.
/// Used from any loop.
final class ListeningPrincipals: Sendable {
    private struct Entry {
        var listeners = 0
        /// What servers have said on the principal's own links; nil if nothing waits.
        var changes: ListChanges?
    }

    private let entries = Mutex<[Principal: Entry]>([:])

    func contains(_ principal: Principal) -> Bool { entries.withLock { $0[principal] != nil } }

    /// - Returns: whether it is the principal's first listener.
    func insert(_ principal: Principal) -> Bool {
        entries.withLock { entries in
            entries[principal, default: Entry()].listeners += 1
            return entries[principal]?.listeners == 1
        }
    }

    /// - Returns: whether it was the principal's last listener.
    func remove(_ principal: Principal) -> Bool {
        entries.withLock { entries in
            entries[principal]?.listeners -= 1
            guard let left = entries[principal]?.listeners, left <= 0 else { return false }
            entries[principal] = nil
            return true
        }
    }

    /// - Returns: whether it is the first change that waits; false too if nobody listens.
    func note(_ changes: ListChanges, for principal: Principal) -> Bool {
        entries.withLock { entries in
            guard let entry = entries[principal] else { return false }
            var all = entry.changes ?? ListChanges()
            all.merge(changes)
            entries[principal]?.changes = all
            return entry.changes == nil
        }
    }

    func takeChanges(for principal: Principal) -> ListChanges? {
        entries.withLock { $0[principal]?.changes.take() }
    }
}
