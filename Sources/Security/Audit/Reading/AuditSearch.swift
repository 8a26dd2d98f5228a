import Schemas
import Storage

/// Walks a log from its newest entry back.
///
/// A call whose start is an entry of its own is one row, its end; while it has none, or was lost with the
/// process, its start is.
package struct AuditSearch {
    /// Entries behind the place where a walk begins that are looked at for the ends of calls.
    private static let overlap = 4096
    /// Entries that one page passes: a cursor is held meanwhile, which is to be short.
    static let mostPassed = 100_000

    private let reader: any OrderedReader
    /// A walk ends where so many entries in a row are older than what is asked for. One alone says nothing: a
    /// long call has its entry where it ended, and a clock may have been wrong for some time.
    var mostOlder = 100_000

    /// How a walk ended.
    private struct Walk {
        /// Places that hold something that is no entry.
        var unread = 0
        /// The last place that was passed, where it was ended before its time.
        var next: UInt64?

        consuming func ended(at place: UInt64?) -> Walk {
            next = place
            return self
        }
    }

    package init(_ reader: any OrderedReader) { self.reader = reader }

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
        try walk(filter, before: end, passing: .max, sink).unread
    }

    /// The rows of the entries that match, the newest first.
    ///
    /// - Returns: up to `limit` rows, fewer where so many entries were passed before there were as many; and
    ///   the place that the next page ends before, nil where there is none.
    package func page(
        _ filter: AuditFilter, before end: UInt64?, limit: Int, passing most: Int? = nil
    ) throws(AuditFailure) -> (rows: [[UInt8]], next: UInt64?) {
        var rows: [[UInt8]] = []
        let walk = try walk(filter, before: end, passing: most ?? Self.mostPassed) { place, entry in
            rows.append(AuditRow.json(place, entry))
            return rows.count < limit
        }
        return (rows, walk.next)
    }

    private func walk(
        _ filter: AuditFilter, before end: UInt64?, passing most: Int, _ sink: (UInt64, AuditEntry) -> Bool
    ) throws(AuditFailure) -> Walk {
        var cursor = try EntryCursor(reader, 0..<(end ?? .max), .backward)
        /// Ends that were passed and whose starts were not: as many as were under way at once.
        var ended = try ends(from: end)
        var walk = Walk()
        var (passed, older) = (0, 0)
        var last = end
        while let step = try cursor.next() {
            passed += 1
            last = step.place ?? last
            guard case .entry(let place, let value) = step, let entry = Self.entry(value, at: place)
            else {
                walk.unread += 1
                if passed >= most { return walk.ended(at: last) }
                continue
            }
            older = filter.since.map { entry.timestamp < $0 } ?? false ? older + 1 : 0
            if older >= mostOlder { break }
            if !isStartOfEnded(entry, &ended), filter.matches(entry), !sink(place, entry) {
                return walk.ended(at: place)
            }
            if passed >= most { return walk.ended(at: place) }
        }
        return walk
    }

    private static func entry(_ value: ArraySlice<UInt8>, at place: UInt64) -> AuditEntry? {
        StoredEntry(value, at: place).flatMap { try? AuditEntry(serializedBytes: Array($0.entry)) }
    }

    private func isStartOfEnded(_ entry: AuditEntry, _ ended: inout Set<UInt64>) -> Bool {
        guard case .call(let call) = entry.what else { return false }
        if call.phase == .end { ended.insert(call.callID) }
        return call.phase == .start && ended.remove(call.callID) != nil
    }

    /// The calls that have an end soon after a place, whose starts before it are no rows.
    private func ends(from place: UInt64?) throws(AuditFailure) -> Set<UInt64> {
        guard let place else { return [] }
        var cursor = try EntryCursor(reader, place..<UInt64.max)
        var ended: Set<UInt64> = []
        for _ in 0..<Self.overlap {
            guard let step = try cursor.next() else { break }
            guard case .entry(let place, let value) = step, let entry = Self.entry(value, at: place),
                case .call(let call)? = entry.what, call.phase == .end
            else { continue }
            ended.insert(call.callID)
        }
        return ended
    }
}
