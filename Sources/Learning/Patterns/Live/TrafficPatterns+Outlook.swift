import Learners

extension TrafficPatterns {
    private static let shownCalls = 5

    /// Tools of which something changed since they were taken last, at most so many.
    package mutating func takeTools(most: Int) -> [ToolOutlook] {
        let due = changedTools.prefix(most)
        changedTools.removeFirst(due.count)
        return due.compactMap { symbol in
            guard records.indices.contains(symbol) else { return nil }
            records[symbol].isChanged = false
            return outlook(symbol)
        }
    }

    /// What is to be expected of a tool, by its number.
    private func outlook(_ symbol: Int) -> ToolOutlook? {
        guard symbol < calls.names.count, symbol < records.count else { return nil }
        let (name, record) = (calls.names.name(symbol), records[symbol])
        let factors = CallFactors(agent: record.caller, server: name.server, tool: name.tool)
        let latency = latencies.forecast(factors)
        return ToolOutlook(
            server: name.server, tool: name.tool, calls: record.calls,
            medianMilliseconds: Self.milliseconds(latency.middle),
            bound95Milliseconds: Self.milliseconds(latency.bound),
            failure: failures.probability(factors), cacheability: repeats.cacheability(symbol),
            mutation: repeats.mutation(symbol), atMicroseconds: record.lastMicroseconds)
    }

    private static func milliseconds(_ logarithm: Float) -> Double {
        Double(Transcendental.exponential(min(max(logarithm, -30), 30))) * 1000
    }

    /// Sessions of which something changed since they were taken last, the latest first, at most so many;
    /// what more there are is forgotten.
    ///
    /// - Complexity: a prediction of `NextCall` each.
    package mutating func takeSessions(most: Int) -> [SessionOutlook] {
        var seen: Set<UInt64> = []
        let due = changedSessions.reversed().filter { seen.insert($0).inserted }.prefix(most)
        changedSessions = []
        return due.compactMap { place in sessions[place].map { outlook($0) } }
    }

    private mutating func outlook(_ session: LiveSession) -> SessionOutlook {
        let vocabulary = vocabulary(session)
        let names = calls.names
        typealias Next = SessionOutlook.Next
        let guesses = calls.calls(session: session.key, vocabulary)
        // Of the most likely tools those without any guess of their arguments are told alone.
        let tools = calls.tools(session: session.key, vocabulary).prefix(Self.shownCalls).filter { tool in
            !guesses.contains { $0.symbol == tool.symbol && $0.probability >= tool.probability / 8 }
        }
        var next = guesses.prefix(Self.shownCalls).map { guess in
            let name = names.name(guess.symbol)
            return Next(
                server: name.server, tool: name.tool, arguments: guess.arguments,
                probability: guess.probability)
        }
        next += tools.map { tool in
            let name = names.name(tool.symbol)
            return Next(
                server: name.server, tool: name.tool, arguments: nil, probability: tool.probability)
        }
        let order = next.enumerated().sorted { a, b in
            a.element.probability != b.element.probability
                ? a.element.probability > b.element.probability : a.offset < b.offset
        }
        return SessionOutlook(
            name: session.name, agent: session.agent, principal: session.principal, calls: session.calls,
            atMicroseconds: session.lastMicroseconds, next: order.prefix(Self.shownCalls).map(\.element),
            suspicion: session.suspicion, anomalies: session.anomalies)
    }

    /// Groups of sessions, the largest first.
    package func sessionGroups(most: Int) -> [SessionClusters.Group] { groups.named(most: most) }

    /// A sequence of tools that many sessions have.
    package struct Sequence: Sendable, Equatable {
        /// As `server/tool`.
        package var tools: [String]
        package var support: Int
        package var share: Float
        package var lift: Float
    }

    package func frequentSequences(most: Int) -> [Sequence] {
        let names = calls.names
        return sequences.sequences(most: most).filter { $0.symbols.allSatisfy { $0 < names.count } }.map {
            Sequence(
                tools: $0.symbols.map { "\(names.name($0).server)/\(names.name($0).tool)" },
                support: $0.support, share: $0.share, lift: $0.lift)
        }
    }
}
