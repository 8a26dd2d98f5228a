import Sessions

/// What the learner has found: all of it in one answer, or one list in pages.
extension AdminFront {
    /// Rows of each list of the one answer, unless `limit` says otherwise.
    private static let usualRows = 100
    /// Sessions that are named to who asked for another one.
    private static let namedSessions = 50

    func patterns(_ query: QueryItems, _ exchange: any HTTPExchange) {
        guard let slice = ListSlice(query), slice.start == 0 else { return exchange.answer(Self.badCursor) }
        let most = query["limit"] == nil ? Self.usualRows : slice.limit
        let session = query["session"]
        let pending = PendingAnswer(exchange)
        source.patterns { patterns in
            guard let session else {
                return pending.finish(AdminAnswer.json(AdminJSON.patterns(patterns, most: most)))
            }
            if let one = patterns.only(session: session) {
                pending.finish(AdminAnswer.json(AdminJSON.patterns(one, most: most)))
            } else {
                pending.finish(Self.unknownSession(patterns))
            }
        }
    }

    func patternList(_ route: AdminRoute, _ query: QueryItems, _ exchange: any HTTPExchange) {
        guard let slice = ListSlice(query) else { return exchange.answer(Self.badCursor) }
        let session = query["session"]
        let pending = PendingAnswer(exchange)
        source.patterns { patterns in
            switch route {
            case .patternTools: pending.finish(slice.answer(patterns.tools) { AdminJSON.write($0, &$1) })
            case .patternSessions:
                pending.finish(slice.answer(patterns.sessions) { AdminJSON.write($0, &$1) })
            default:
                let rows = patterns.anomalies.filter { session == nil || $0.session == session }
                pending.finish(slice.answer(rows) { AdminJSON.write($0, &$1) })
            }
        }
    }

    private static func unknownSession(_ patterns: LearnedPatterns) -> HTTPAnswer {
        let names = patterns.sessions.prefix(namedSessions).map(\.session)
        let message =
            names.isEmpty
            ? "the learner knows no session that is active"
            : "the learner knows no active session of this name"
        return AdminAnswer.error(404, "unknown_session", message, available: names)
    }
}
