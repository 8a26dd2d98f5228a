import Sessions
import Wire

/// The part of a list that one page shows; the cursor is the position of its first row.
struct ListSlice: Sendable {
    static let longest = 1000

    let start: Int
    let limit: Int

    /// nil for a limit or cursor that is none.
    init?(_ query: QueryItems) {
        let start = query["cursor"].map { Int($0) } ?? 0
        let limit = query["limit"].map { Int($0) } ?? Self.longest
        guard let start, start >= 0, let limit, limit > 0 else { return nil }
        self.start = start
        self.limit = min(limit, Self.longest)
    }

    func answer<Row>(_ rows: [Row], _ write: (Row, inout JSONWriter) -> Void) -> HTTPAnswer {
        let rest = rows.dropFirst(start)
        let next = rest.count > limit ? String(start + limit) : nil
        return AdminAnswer.json(AdminJSON.list(rest.prefix(limit), next: next, write))
    }
}
