import Learners

/// All patterns of live traffic together: predicts each call, scores the prediction, then learns from the
/// call and tells what was unusual about it.
///
/// Next tool and call, failure, latency, results that stay and tools that change them, foreign text in
/// results and sessions that follow it, streams of numbers, frequent sequences, groups of sessions.
///
/// Memory: `sizes.bytes`. Deterministic; told the time by its calls alone.
package struct TrafficPatterns: Sendable {
    static let mostCandidates = 128
    /// Calls from which on a session counts among the groups before its end.
    private static let groupedCalls: UInt64 = 8

    package let sizes: PatternSizes
    var calls: CallPredictor
    var failures: FailureForecast
    var latencies: LatencyForecast
    var caching: CacheForecast
    var repeats: RepeatEvidence
    var texts: SessionAnomaly
    var sequences: FrequentSequences
    var groups: SessionClusters
    var records: [ToolRecord] = []
    var sessions: LiveSessions
    /// Surprisals of tools.
    var surprises = TailCounts()
    package internal(set) var accuracy = TrafficAccuracy()
    package internal(set) var anomalies = AnomalyLog()
    /// Calls that were learned.
    package internal(set) var learned: UInt64 = 0
    /// What is to be published; nothing learned.
    var changedTools: [Int] = []
    var changedSessions: [UInt64] = []
    private var vocabularies: [UInt64: SequenceVocabulary] = [:]
    private var vocabularyTools = 0

    package init(_ sizes: PatternSizes, seed: UInt64 = 0) {
        self.sizes = sizes
        calls = CallPredictor(sizes, seed: seed)
        failures = FailureForecast(bits: sizes.forecastBits)
        latencies = LatencyForecast(bits: sizes.forecastBits)
        caching = CacheForecast(bits: sizes.forecastBits)
        repeats = RepeatEvidence(bits: sizes.mutationBits, mostTools: sizes.mostTools)
        texts = SessionAnomaly(sizes.anomaly, seed: seed)
        sequences = FrequentSequences(bits: sizes.sequenceBits)
        groups = SessionClusters(most: sizes.clusters)
        sessions = LiveSessions(sizes)
    }

    /// What it holds, in bytes.
    package var memoryBytes: Int {
        let tables =
            calls.memoryBytes + failures.memoryBytes + latencies.memoryBytes + caching.memoryBytes
            + repeats.memoryBytes + texts.memoryBytes - texts.sessionCount * SessionAnomaly.sessionBytes
        let streams = records.reduce(0) { $0 + ($1.streams == nil ? 0 : ToolStreams.bytes) + 96 }
        return tables + sequences.memoryBytes + groups.memoryBytes + accuracy.memoryBytes + streams
            + sessions.bytes
    }

    package var sessionCount: Int { sessions.count }
    /// Sessions that have begun.
    package var sessionsBegun: UInt64 { sessions.begun }

    /// What tells the session of a call from others.
    package static func sessionHash(_ call: ObservedCall) -> UInt64 { HashMix.mix(LiveSessions.place(call)) }

    /// What stands for arguments in `ObservedCall`; never 0.
    package static func hash(of arguments: ArraySlice<UInt8>) -> UInt64 { max(1, HashMix.hash(arguments)) }

    // MARK: Before the call is learned

    /// Tells what was to be expected of a call; nil for one that is not learned.
    package mutating func expect(_ call: ObservedCall) -> CallExpectation? {
        guard call.isFit else { return nil }
        let (place, ended) = sessions.take(call)
        for session in ended { end(session) }
        guard let session = sessions[place] else { return nil }
        if session.calls == 0 { calls.begin(session: session.key, agent: session.agent) }
        let vocabulary = vocabulary(session)
        guard let symbol = calls.symbol(server: call.server, tool: call.tool) else { return nil }
        let ranked = calls.tools(session: session.key, vocabulary)
        let rank = ranked.firstIndex { $0.symbol == symbol }
        let share = rank.map { ranked[$0].probability } ?? 1 / Float(ranked.count + 1)
        let guess = calls.calls(session: session.key, vocabulary).first
        let arguments = call.arguments.flatMap(CallArguments.init)
        let isGuessed = guess.flatMap { guess in
            arguments.map { guess.symbol == symbol && guess.arguments == $0.canonical }
        }
        let agent = call.agent.isEmpty ? call.principal : call.agent
        let factors = CallFactors(agent: agent, server: call.server, tool: call.tool)
        let cache = Self.cacheCall(call, factors, session.key).flatMap { caching.forecast($0) }
        return CallExpectation(
            session: session.key, place: place, symbol: symbol, vocabulary: vocabulary, rank: rank,
            toolBits: -Transcendental.logarithm(max(share, 1e-6)) * 1.442_695, isGuessed: isGuessed,
            factors: factors, failure: failures.probability(factors), latency: latencies.forecast(factors),
            cacheability: cache?.probability)
    }

    static func cacheCall(
        _ call: ObservedCall, _ factors: CallFactors, _ session: UInt64
    ) -> CacheForecast.Call? {
        guard call.argumentsHash != 0, call.resultHash != 0 else { return nil }
        return CacheForecast.Call(factors: factors, arguments: call.argumentsHash, session: session)
    }

    /// The tools that a session may call next: all that are known, or beyond `mostCandidates` those of its
    /// servers first, then the ones that are called most.
    mutating func vocabulary(_ session: LiveSession) -> SequenceVocabulary {
        let names = calls.names
        if vocabularyTools != names.count || vocabularies.count >= 64 {
            vocabularies = [:]
            vocabularyTools = names.count
        }
        let isWhole = names.count <= Self.mostCandidates
        let key = isWhole ? 0 : session.servers.reduce(1) { HashMix.mix($0, UInt64($1)) }
        if let known = vocabularies[key] { return known }
        var symbols = Array(0..<names.count)
        if !isWhole {
            let own = Set(session.servers)
            let order = symbols.map { symbol -> (Int, UInt64, Int) in
                let calls = symbol < records.count ? records[symbol].calls : 0
                return (own.contains(names.server(symbol)) ? 0 : 1, .max - calls, symbol)
            }
            symbols = order.sorted { $0 < $1 }.prefix(Self.mostCandidates).map(\.2).sorted()
        }
        let id = Int(truncatingIfNeeded: HashMix.mix(key, UInt64(names.count)))
        let made = SequenceVocabulary(id: id, symbols: symbols, groups: symbols.map { names.server($0) })
        vocabularies[key] = made
        return made
    }

    // MARK: Sessions

    /// Ends the sessions that have been quiet for half an hour.
    package mutating func endIdle(now microseconds: UInt64) {
        for session in sessions.endIdle(now: microseconds) { end(session) }
    }

    mutating func end(_ session: LiveSession) {
        calls.end(session: session.key)
        texts.end(session: session.key)
        sequences.end(session: session.key)
        if !session.isGrouped { group(session.tools) }
    }

    private mutating func group(_ tools: [Int]) {
        let names = calls.names
        let known = tools.filter { $0 < names.count }
        if !known.isEmpty { _ = groups.insert(known.map { names.name($0).tool }) }
    }

    /// Takes a session up among the groups once enough of it is known.
    mutating func group(_ place: UInt64) {
        guard let session = sessions[place], !session.isGrouped, session.calls >= Self.groupedCalls else {
            return
        }
        group(session.tools)
        sessions.mark(grouped: place)
    }
}
