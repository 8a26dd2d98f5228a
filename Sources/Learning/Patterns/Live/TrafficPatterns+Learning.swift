import Learners

extension TrafficPatterns {
    /// A tool as unexpected as so few calls are: their share, and the least bits.
    private static let unexpected = (share: Float(0.002), bits: Float(8), calls: UInt64(200))
    private static let suspected: Float = 0.5

    /// Scores what was expected of a call, learns from the call, and goes on to the session's next.
    ///
    /// - Returns: what was unusual about it.
    @discardableResult
    package mutating func learn(
        _ call: ObservedCall, _ expectation: CallExpectation
    ) -> [TrafficAnomaly] {
        score(call, expectation)
        learned += 1
        learnNumbers(call, expectation)
        var found = learnTexts(call, expectation) + learnStreams(call, expectation)
        if let strange = judgeTool(call, expectation) { found.append(strange) }
        learnSequence(call, expectation)
        for anomaly in found { anomalies.insert(anomaly) }
        sessions.note(expectation.place, anomalies: UInt64(found.count))
        for session in sessions.shrink() { end(session) }
        changedSessions.append(expectation.place)
        if changedSessions.count > 2 * sizes.mostSessions {
            changedSessions = Array(changedSessions.suffix(sizes.mostSessions))
        }
        return found
    }

    private mutating func score(_ call: ObservedCall, _ expectation: CallExpectation) {
        let rank = expectation.rank ?? .max
        accuracy[.nextTool].insert(rank == 0 ? 1 : 0, rank < 3 ? 1 : 0, expectation.toolBits)
        if let isGuessed = expectation.isGuessed { accuracy[.nextCall].insert(isGuessed ? 1 : 0) }
        let miss = (call.isError ? 1 : 0) - expectation.failure
        accuracy[.failure].insert(miss * miss)
        let seconds = LatencyForecast.logarithm(Float(call.durationMicroseconds) / 1_000_000)
        let over = seconds - expectation.latency.bound
        let share = LatencyForecast.share
        accuracy[.latency].insert(max(share * over, (share - 1) * over), over <= 0 ? 1 : 0)
        if let cacheability = expectation.cacheability,
            let cached = Self.cacheCall(call, expectation.factors, expectation.session),
            let before = caching.latestResult(cached)
        {
            let miss = (before == call.resultHash ? 1 : 0) - cacheability
            accuracy[.cacheability].insert(miss * miss)
        }
    }

    private mutating func learnNumbers(_ call: ObservedCall, _ expectation: CallExpectation) {
        let factors = expectation.factors
        failures.learn(factors, failed: call.isError)
        latencies.learn(factors, seconds: Float(call.durationMicroseconds) / 1_000_000)
        guard let cached = Self.cacheCall(call, factors, expectation.session) else { return }
        caching.learn(cached, result: call.resultHash, isError: call.isError)
        repeats.learn(
            HashMix.mix(factors.tool, call.argumentsHash), tool: expectation.symbol,
            server: calls.names.server(expectation.symbol), result: call.resultHash)
    }

    // MARK: Texts

    private mutating func learnTexts(
        _ call: ObservedCall, _ expectation: CallExpectation
    ) -> [TrafficAnomaly] {
        let isKnown = record(expectation.symbol).isKnown
        let result = (call.result ?? []).prefix(sizes.resultBytes)
        let arguments = (call.arguments ?? []).prefix(sizes.mostArgumentBytes)
        var seen = SessionAnomaly.Call(
            server: call.server, tool: call.tool, arguments: arguments, result: isKnown ? result : [],
            toolBits: expectation.toolBits)
        let (session, judged) = texts.observe(seen, session: expectation.session)
        var finding = judged
        // While little is known of a tool, all that it says is foreign: no session is to be judged by that.
        if !isKnown {
            finding = texts.results.judge(result, server: call.server, tool: call.tool)
            seen.result = result
        }
        var found: [TrafficAnomaly] = []
        if call.result != nil {
            let verdict = records[expectation.symbol].judge(bits: finding.score)
            if !verdict.isLearned { seen.result = [] }
            if verdict.isStrange {
                found.append(
                    anomaly(
                        .result, call, expectation, bits: finding.score, share: finding.share,
                        bytes: finding.span,
                        "A part of the result is unlike all that the tool has said before."))
            }
        }
        if seen.result.isEmpty {
            texts.learnArguments(seen)
        } else {
            texts.learn(seen, score: finding.score)
        }
        if let taken = judge(session, call, expectation) { found.append(taken) }
        return found
    }

    private mutating func judge(
        _ finding: SessionAnomaly.Finding, _ call: ObservedCall, _ expectation: CallExpectation
    ) -> TrafficAnomaly? {
        let isNews = sessions.suspect(
            expectation.place, finding.probability,
            isTold: finding.probability >= Self.suspected && learned >= Self.unexpected.calls)
        guard isNews else { return nil }
        let source = finding.source.map { ", which only foreign text in call \($0.call + 1) had" }
        return anomaly(
            .session, call, expectation, bits: finding.valueBits, share: 1 - finding.probability,
            bytes: finding.value.isEmpty ? nil : finding.value,
            "Call \(finding.call + 1) of the session has an unusual value\(source ?? "").")
    }

    // MARK: Streams and sequences

    private mutating func learnStreams(
        _ call: ObservedCall, _ expectation: CallExpectation
    ) -> [TrafficAnomaly] {
        _ = record(expectation.symbol)
        let symbol = expectation.symbol
        records[symbol].calls += 1
        records[symbol].lastMicroseconds = max(records[symbol].lastMicroseconds, call.endMicroseconds)
        records[symbol].caller = call.agent.isEmpty ? call.principal : call.agent
        if !records[symbol].isChanged {
            records[symbol].isChanged = true
            changedTools.append(symbol)
        }
        let alarms = records[symbol].streams?.observe(call) ?? []
        return alarms.map { alarm in
            anomaly(
                alarm.kind, call, expectation,
                bits: -Transcendental.logarithm(max(alarm.share, 1e-30)) * 1.442_695, share: alarm.share,
                bytes: nil, alarm.text)
        }
    }

    private mutating func judgeTool(
        _ call: ObservedCall, _ expectation: CallExpectation
    ) -> TrafficAnomaly? {
        let (bits, bound) = (expectation.toolBits, Self.unexpected)
        let share = surprises.share(atLeast: bits)
        surprises.insert(bits)
        let isAmong = expectation.rank != nil && (sessions[expectation.place]?.calls ?? 0) > 1
        guard isAmong, learned >= bound.calls, bits >= bound.bits, share <= bound.share else { return nil }
        return anomaly(
            .sequence, call, expectation, bits: bits, share: share, bytes: nil,
            "The tool was hardly to be expected after what the session called before.")
    }

    private mutating func learnSequence(_ call: ObservedCall, _ expectation: CallExpectation) {
        let symbol = expectation.symbol
        let server = calls.names.server(symbol)
        let arguments = (call.arguments ?? []).prefix(sizes.mostArgumentBytes)
        let result = (call.result ?? []).prefix(sizes.resultBytes)
        let last = sessions[expectation.place]?.lastMicroseconds ?? 0
        let isFirst = sessions[expectation.place]?.calls == 0
        let isWhole = arguments.count == call.arguments?.count ?? 0
        let seen = SequenceCall(
            symbol: symbol, group: server, arguments: isWhole ? arguments : [], result: result,
            isError: call.isError, isParallel: !isFirst && call.startMicroseconds < last)
        // A tool that is new was not among those that it was expected among.
        var vocabulary = expectation.vocabulary
        if expectation.rank == nil, let session = sessions[expectation.place] {
            vocabulary = self.vocabulary(session)
        }
        calls.observe(seen, session: expectation.session, vocabulary)
        sequences.observe(symbol, session: expectation.session)
        let charge =
            calls.hasArguments
            ? 256 + arguments.count + min(2048, 13 * arguments.count) + result.count
                + min(4096, 16 * result.count) : 0
        _ = sessions.change(expectation.place) {
            $0.advance(call, symbol: symbol, server: server, charge: charge)
        }
        group(expectation.place)
    }

    // MARK: Records

    /// The record of a tool, which is made if there is none.
    private mutating func record(_ symbol: Int) -> ToolRecord {
        while records.count <= symbol {
            var made = ToolRecord()
            if records.count < sizes.mostSeries { made.streams = ToolStreams() }
            records.append(made)
        }
        return records[symbol]
    }

    private func anomaly(
        _ kind: TrafficAnomaly.Kind, _ call: ObservedCall, _ expectation: CallExpectation, bits: Float,
        share: Float, bytes: Range<Int>?, _ text: String
    ) -> TrafficAnomaly {
        TrafficAnomaly(
            atMicroseconds: call.endMicroseconds, callID: call.callID,
            session: sessions[expectation.place]?.name ?? "", server: call.server, tool: call.tool,
            kind: kind, bytes: bytes, bits: bits, share: min(1, max(0, share)), text: text)
    }
}
