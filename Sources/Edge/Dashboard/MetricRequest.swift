import Identifiers
import MetricHistory

/// What the query of `/api/v1/metrics` asks of the history.
///
/// `name`; `from` and `to` in seconds since 1970, or negative and counted from now (an hour ago until now);
/// `step` in seconds (such that there are some 300); `sum=true` for all series as one; `limit` and `cursor`;
/// every other item is a label that the series has to have.
struct MetricRequest {
    private static let known: Set<String> = ["name", "from", "to", "step", "sum", "limit", "cursor"]
    private static let span: Int64 = 3600

    let query: MetricQuery

    /// None for what can't be asked.
    /// - Parameter now: in seconds since 1970.
    init?(_ items: QueryItems, name: String, now: UInt64 = WallClock.microseconds / 1_000_000) {
        guard let start = Self.time(items["from"], -Self.span, now),
            let end = Self.time(items["to"], 0, now),
            let step = items["step"].map({ UInt64($0) }) ?? MetricQuery.step(from: start, to: end),
            let skipped = items["cursor"].map({ Int($0) }) ?? 0,
            let limit = items["limit"].map({ Int($0) }) ?? MetricQuery.mostSeries
        else { return nil }
        let labels = items.names.subtracting(Self.known).sorted().map {
            MetricSeries.Label($0, items[$0] ?? "")
        }
        guard
            let query = MetricQuery(
                name, labels, start: start, end: end, step: step, isSummed: items["sum"] == "true",
                skipped: skipped, limit: limit)
        else { return nil }
        self.query = query
    }

    private static func time(_ text: String?, _ usual: Int64, _ now: UInt64) -> UInt64? {
        guard let number = text.map({ Int64($0) }) ?? usual else { return nil }
        if number > 0 || text == "0" { return UInt64(number) }
        let passed = number.magnitude
        return passed < now ? now - passed : nil
    }
}
