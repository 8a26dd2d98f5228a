import Crypto

/// The calls of one data set: what is learned first, and what is scored.
struct CallData: Sendable {
    var dataset: String
    var warm: [CallSession] = []
    var scored: [CallSession] = []
    /// The tools that each session may call, by the text of its servers.
    private(set) var listed: [[String]: [ToolName]] = [:]

    struct ToolName: Hashable, Comparable, Sendable {
        var server: String
        var tool: String

        static func < (a: Self, b: Self) -> Bool { (a.server, a.tool) < (b.server, b.tool) }
    }

    var warmCalls: Int { warm.reduce(0) { $0 + $1.rows.count } }
    var scoredCalls: Int { scored.reduce(0) { $0 + $1.rows.count } }

    /// Reads files and sorts what they hold by data set, in the order of its first row.
    static func load(_ options: EvaluationOptions) throws(EvaluationFailure) -> [CallData] {
        var sessionRows: [String: SessionRow] = [:]
        for path in options.sessions {
            try InputLines.forEach(path) { view, _ throws(EvaluationFailure) in
                if let row = SessionRow(view) { sessionRows[row.id] = row }
            }
        }
        var (names, sets): ([String], [String: CallData]) = ([], [:])
        for (isWarm, paths) in [(true, options.warm), (false, options.data)] {
            for (dataset, sessions) in try read(paths) {
                if sets[dataset] == nil { names.append(dataset) }
                var data = sets[dataset] ?? CallData(dataset: dataset)
                if isWarm { data.warm = sessions } else { data.scored = sessions }
                sets[dataset] = data
            }
        }
        var found: [CallData] = []
        for name in names {
            guard var data = sets[name], !data.scored.isEmpty else { continue }
            data.list(sessionRows)
            if options.leaveGroupOut { data.leaveGroupOut(sessionRows) }
            if options.cleanWarm { data.warm.removeAll { $0.rows.contains(where: \.isAttack) } }
            found.append(data)
        }
        if found.isEmpty { throw .noRows }
        return found
    }

    /// The sessions of files by data set: sorted by the hash of their id, then the rows without one.
    private static func read(
        _ paths: [String]
    ) throws(EvaluationFailure) -> [(dataset: String, sessions: [CallSession])] {
        var (names, sets): ([String], [String: [String: CallSession]]) = ([], [:])
        for path in paths {
            try InputLines.forEach(path) { view, _ throws(EvaluationFailure) in
                guard let row = CallRow(view) else { return }
                if sets[row.dataset] == nil { names.append(row.dataset) }
                let fresh = CallSession(
                    id: row.session,
                    order: row.session.isEmpty ? [] : Array(SHA256.hash(data: Array(row.session.utf8))))
                sets[row.dataset, default: [:]][row.session, default: fresh].rows.append(row)
            }
        }
        return names.map { name in
            let sessions = (sets[name] ?? [:]).values.sorted { a, b in
                a.id.isEmpty || b.id.isEmpty
                    ? !a.id.isEmpty && b.id.isEmpty : a.order.lexicographicallyPrecedes(b.order)
            }
            return (name, sessions)
        }
    }

    /// Lists each session's tools: those of its server in the sessions file over all sessions of that server,
    /// or else those of all servers that it calls.
    private mutating func list(_ sessionRows: [String: SessionRow]) {
        var tools: [String: Set<ToolName>] = [:]
        func served(_ session: CallSession) -> [String] {
            if let server = sessionRows[session.id]?.server { return ["session", server] }
            return ["calls"] + Set(session.rows.map(\.server)).sorted()
        }
        var perDomain: [String: Set<ToolName>] = [:]
        for session in warm + scored {
            let domain = sessionRows[session.id]?.server
            for row in session.rows {
                let name = ToolName(server: row.server, tool: row.tool)
                tools[row.server, default: []].insert(name)
                if let domain { perDomain[domain, default: []].insert(name) }
            }
        }
        for (isWarm, count) in [(true, warm.count), (false, scored.count)] {
            for index in 0..<count {
                let servers = served(isWarm ? warm[index] : scored[index])
                let domain = sessionRows[isWarm ? warm[index].id : scored[index].id]?.server
                if isWarm { warm[index].domain = domain } else { scored[index].domain = domain }
                if isWarm { warm[index].servers = servers } else { scored[index].servers = servers }
                guard listed[servers] == nil else { continue }
                let found =
                    servers[0] == "session"
                    ? perDomain[servers[1]] ?? []
                    : servers.dropFirst().reduce(into: Set()) { $0.formUnion(tools[$1] ?? []) }
                listed[servers] = found.sorted()
            }
        }
    }

    /// Drops the warm sessions whose group occurs among the scored.
    private mutating func leaveGroupOut(_ sessionRows: [String: SessionRow]) {
        let groups = Set(scored.compactMap { sessionRows[$0.id]?.group })
        warm.removeAll { session in sessionRows[session.id]?.group.map { groups.contains($0) } ?? false }
    }
}
