import MetricHistory
import Sessions
import Telemetry

/// The history of metrics; without a name, what was counted of each tool.
extension AdminFront {
    func metrics(_ items: QueryItems, _ exchange: any HTTPExchange) {
        guard let name = items["name"] else {
            exchange.answer(
                AdminAnswer.json(
                    AdminJSON.list(recorder.metrics.toolStatistics(), next: nil) {
                        AdminJSON.write($0, &$1)
                    }))
            return
        }
        guard let query = MetricRequest(items, name: name)?.query else {
            let most = MetricQuery.mostSteps
            exchange.answer(
                AdminAnswer.error(
                    400, "bad_query",
                    "from, to and step are seconds, from before to, with \(most) steps at most"))
            return
        }
        let pending = PendingAnswer(exchange)
        source.metrics(query) { answer in
            pending.finish(answer.map { AdminAnswer.json(AdminJSON.metrics($0, query)) } ?? Self.noHistory)
        }
    }

    func series(_ items: QueryItems, _ exchange: any HTTPExchange) {
        guard let slice = ListSlice(items) else {
            exchange.answer(Self.badCursor)
            return
        }
        let pending = PendingAnswer(exchange)
        source.metricSeries { series in
            pending.finish(
                series.map { slice.answer($0) { AdminJSON.writeSeries($0, &$1) } } ?? Self.noHistory)
        }
    }

    private static let noHistory = AdminAnswer.error(
        503, "no_history", "the history of metrics can't be read now; /readyz says what is wrong")
}
