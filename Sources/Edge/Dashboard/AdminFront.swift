import Identifiers
import Sessions
import Telemetry
import Wire

/// Serves the admin address: health, metrics, the admin interface and the dashboard. One instance a loop.
package final class AdminFront: HTTPFront {
    let source: any AdminSource
    let recorder: Recorder

    package init(source: any AdminSource, recorder: Recorder) {
        self.source = source
        self.recorder = recorder
    }

    package func received(_ request: HTTPRequest, _ exchange: any HTTPExchange) {
        guard let route = AdminRoute(path: request.path) else {
            let message = "there is nothing at this address"
            exchange.answer(AdminAnswer.error(404, "not_found", message, available: AdminRoute.available))
            return
        }
        guard route.takes(request.verb) else {
            exchange.answer(AdminAnswer.notAllowed(route.takes(.post) ? "POST" : "GET, HEAD"))
            return
        }
        switch route {
        case .page, .styleSheet, .script, .icon: exchange.answer(DashboardPage.answer(route))
        case .health: exchange.answer(AdminAnswer.json(AdminJSON.object { $0.field("status", "ok") }))
        case .readiness: exchange.answer(readiness())
        case .metrics:
            exchange.answer(HTTPAnswer(status: 200, content: .prometheus, body: recorder.metrics.page()))
        case .status: exchange.answer(AdminAnswer.json(AdminJSON.status(source.status(), recorder.metrics)))
        case .memory: exchange.answer(AdminAnswer.json(source.memory().json))
        case .top, .learner: top(route, exchange)
        case .patterns: patterns(QueryItems(request.query), exchange)
        case .patternTools, .patternSessions, .patternAnomalies:
            patternList(route, QueryItems(request.query), exchange)
        case .statistics: metrics(QueryItems(request.query), exchange)
        case .series: series(QueryItems(request.query), exchange)
        case .calls: exchange.answer(calls(QueryItems(request.query)))
        case .call(let id): exchange.answer(call(id))
        case .servers, .tools, .sessions, .models: list(route, QueryItems(request.query), exchange)
        case .audit: audit(QueryItems(request.query), exchange)
        case .auditAct: exchange.answer(note(request.body))
        case .reload: reload(exchange)
        case .storeCheckpoint: checkpoint(request.body, exchange)
        case .storeCompact: tend(.compact, exchange)
        case .events: EventStream.begin(exchange, source: source, recorder: recorder)
        case .notAvailable(let name):
            let message =
                "this gateway has no \(name): the part that fills it is not built or not switched on"
            exchange.answer(AdminAnswer.error(404, "not_available", message, available: AdminRoute.available))
        }
    }

    package func abandoned(_ exchange: any HTTPExchange) {
        (exchange.attachment as? EventStream)?.stop()
        exchange.attachment = nil
    }

    package func resumed(_ exchange: any HTTPExchange) {}

    private func readiness() -> HTTPAnswer {
        let readiness = source.status().readiness
        return AdminAnswer.json(
            AdminJSON.readiness(readiness), status: readiness.state.takesCalls ? 200 : 503)
    }

    private func top(_ route: AdminRoute, _ exchange: any HTTPExchange) {
        let pending = PendingAnswer(exchange)
        let metrics = recorder.metrics
        source.top { report in
            let json = route == .top ? AdminJSON.top(report, metrics.rates()) : AdminJSON.learner(report)
            pending.finish(AdminAnswer.json(json))
        }
    }

    private func calls(_ query: QueryItems) -> HTTPAnswer {
        var filter = CallFilter(
            server: query["server"], tool: query["tool"], method: query["method"], session: query["session"])
        if let label = query["outcome"] {
            guard let outcome = CallRecord.Outcome(label: label) else {
                let labels = CallRecord.Outcome.allCases.map(\.label)
                return AdminAnswer.error(400, "bad_outcome", "no call has this outcome", available: labels)
            }
            filter.outcome = outcome
        }
        var cursor: CallCursor?
        if let text = query["cursor"] {
            cursor = CallCursor(text: text)
            if cursor == nil { return Self.badCursor }
        }
        guard let limit = Self.limit(query, CallLog.longestPage) else { return Self.badLimit }
        let page = recorder.calls.page(filter, limit: limit ?? 100, after: cursor)
        return AdminAnswer.json(
            AdminJSON.list(page.calls, next: page.next?.text) { AdminJSON.write($0, &$1) })
    }

    private func call(_ text: String) -> HTTPAnswer {
        guard let id = CallID(text: text), let call = recorder.calls.call(id) else {
            let message = "no such call is remembered; the log keeps the last \(CallLog.capacity) or so"
            return AdminAnswer.error(404, "unknown_call", message)
        }
        return AdminAnswer.json(AdminJSON.call(call))
    }

    private func reload(_ exchange: any HTTPExchange) {
        let pending = PendingAnswer(exchange)
        source.reload { outcome in
            switch outcome {
            case .applied(let changes, let notes):
                pending.finish(AdminAnswer.json(AdminJSON.reloaded(changes: changes, notes: notes)))
            case .refused(let problems):
                pending.finish(AdminAnswer.json(AdminJSON.refused(problems), status: 422))
            case .busy:
                pending.finish(AdminAnswer.error(409, "busy", "another reload is under way; try again"))
            }
        }
    }

    /// The body is `{"path": PATH}`, an absolute one.
    private func checkpoint(_ body: [UInt8], _ exchange: any HTTPExchange) {
        guard let path = (try? JSONView(validating: body))?["path"]?.string, path.hasPrefix("/") else {
            let message = "the body is not {\"path\": PATH} with an absolute path"
            exchange.answer(AdminAnswer.error(400, "bad_path", message))
            return
        }
        tend(.checkpoint(path: path), exchange)
    }

    private func tend(_ task: StoreTask, _ exchange: any HTTPExchange) {
        let pending = PendingAnswer(exchange, patience: PendingAnswer.longPatience)
        source.tend(task) { outcome in
            switch outcome {
            case .done(let path, let before, let after):
                pending.finish(
                    AdminAnswer.json(
                        AdminJSON.object { json in
                            json.field("path", path)
                            json.field("bytes_before", before)
                            json.field("bytes_after", after)
                        }))
            case .failed(let reason): pending.finish(AdminAnswer.error(409, "store", reason))
            }
        }
    }

    private func audit(_ query: QueryItems, _ exchange: any HTTPExchange) {
        guard let limit = Self.limit(query, ListSlice.longest) else { return exchange.answer(Self.badLimit) }
        var place: UInt64?
        if let text = query["cursor"] {
            place = UInt64(text)
            guard place != nil else { return exchange.answer(Self.badCursor) }
        }
        let pending = PendingAnswer(exchange)
        source.audit(query.items.filter { !$0.value.isEmpty }, before: place, limit: limit ?? 100) { page in
            switch page {
            case .rows(let rows, let next):
                pending.finish(
                    AdminAnswer.json(AdminJSON.list(rows, next: next.map { "\($0)" }) { $1.raw($0) }))
            case .refused(let reason): pending.finish(AdminAnswer.error(400, "bad_query", reason))
            case .notAvailable(let reason):
                pending.finish(AdminAnswer.error(503, "not_available", reason))
            }
        }
    }

    private func note(_ body: [UInt8]) -> HTTPAnswer {
        guard let act = ReportedAct(body) else {
            let message =
                "the body is not {\"action\": TEXT, \"outcome\": \"applied\" or \"failed\", \"details\": [TEXT]}"
            return AdminAnswer.error(400, "bad_act", message)
        }
        switch source.note(act) {
        case .noted: return AdminAnswer.json(AdminJSON.object { $0.field("noted", true) })
        case .crowded: return AdminAnswer.error(503, "busy", "too much waits for the audit log")
        case .notKept: return AdminAnswer.error(404, "not_available", "this gateway keeps no audit log")
        }
    }

    private func list(_ route: AdminRoute, _ query: QueryItems, _ exchange: any HTTPExchange) {
        guard let slice = ListSlice(query) else {
            exchange.answer(Self.badCursor)
            return
        }
        let pending = PendingAnswer(exchange)
        switch route {
        case .servers: source.servers { pending.finish(slice.answer($0) { AdminJSON.write($0, &$1) }) }
        case .tools:
            let server = query["server"]
            source.tools { tools in
                let tools = server == nil ? tools : tools.filter { $0.server == server }
                pending.finish(slice.answer(tools) { AdminJSON.write($0, &$1) })
            }
        case .models:
            source.models { models in
                pending.finish(models.map { slice.answer($0) { AdminJSON.write($0, &$1) } } ?? Self.noModels)
            }
        default: source.sessions { pending.finish(slice.answer($0) { AdminJSON.write($0, &$1) }) }
        }
    }

    private static let noModels = AdminAnswer.error(
        503, "busy", "too many wait for the history of models; ask again later")
    static let badCursor = AdminAnswer.error(400, "bad_cursor", "the cursor or limit is not one of this list")
    private static let badLimit = AdminAnswer.error(400, "bad_limit", "the limit is not a positive number")

    /// - Returns: nil for a limit that is no positive number, and a nil inside if there is none.
    private static func limit(_ query: QueryItems, _ most: Int) -> Int?? {
        guard let text = query["limit"] else { return .some(nil) }
        guard let limit = Int(text), limit > 0 else { return nil }
        return .some(min(limit, most))
    }
}
