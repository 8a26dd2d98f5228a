import Schemas
import Storage

/// Walks a log from its newest entry back.
///
/// A call whose start is an entry of its own is one row, its end; while it has none, or was lost with the
/// process, its start is.
package struct AuditSearch {
    private let reader: any OrderedReader

    package init(_ reader: any OrderedReader) { self.reader = reader }

    /// Entries behind the place where a walk begins that are looked at for the ends of calls.
    private static let overlap = 4096

    /// Gives the entries that match to `sink`, the newest first, until it returns false.
    ///
    /// - Parameter end: only the entries before this place; nil for all.
    /// - Returns: how many places hold something that is no entry, which are passed over.
    /// - Complexity: linear in the entries that are passed.
    @discardableResult
    package func walk(
        _ filter: AuditFilter = AuditFilter(), before end: UInt64? = nil,
        _ sink: (UInt64, AuditEntry) -> Bool
    ) throws(AuditFailure) -> Int {
        var cursor = try EntryCursor(reader, 0..<(end ?? .max), .backward)
        /// Ends that were passed and whose starts were not: as many as were under way at once.
        var ended = try ends(from: end)
        var unread = 0
        while let step = try cursor.next() {
            guard case .entry(let place, let value) = step, let found = StoredEntry(value, at: place),
                let entry = try? AuditEntry(serializedBytes: Array(found.entry))
            else {
                unread += 1
                continue
            }
            if case .call(let call) = entry.what {
                if call.phase == .end { ended.insert(call.callID) }
                if call.phase == .start, ended.remove(call.callID) != nil { continue }
            }
            if filter.matches(entry), !sink(place, entry) { break }
        }
        return unread
    }

    /// The calls that have an end soon after a place, whose starts before it are no rows.
    private func ends(from place: UInt64?) throws(AuditFailure) -> Set<UInt64> {
        guard let place else { return [] }
        var cursor = try EntryCursor(reader, place..<UInt64.max)
        var ended: Set<UInt64> = []
        for _ in 0..<Self.overlap {
            guard let step = try cursor.next() else { break }
            guard case .entry(let place, let value) = step, let found = StoredEntry(value, at: place),
                let entry = try? AuditEntry(serializedBytes: Array(found.entry)),
                case .call(let call)? = entry.what, call.phase == .end
            else { continue }
            ended.insert(call.callID)
        }
        return ended
    }
}
