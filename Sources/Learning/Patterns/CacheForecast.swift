import Learners

/// How likely the result of a call is what the same call gave the last time, by whomever it was made.
///
/// `log odds = sum of effects` (`AdditiveEffects`) of the tool, the very call, its latest outcomes, how its
/// results were spread so far, the tools that the server was asked for since (learned mutation), and of what
/// the session saw: whether its other results were those that the session saw from which the kept result
/// comes.
///
/// Memory: at most 11 MiB: 2 MiB of effects and rates, 16,384 calls, 4,096 sessions.
package struct CacheForecast: Sendable {
    /// A call whose result may be known.
    package struct Call: Sendable {
        package var factors: CallFactors
        /// A hash of its arguments.
        package var arguments: UInt64
        package var session: UInt64

        package init(factors: CallFactors, arguments: UInt64, session: UInt64) {
            (self.factors, self.arguments, self.session) = (factors, arguments, session)
        }

        fileprivate var key: UInt64 { HashMix.mix(factors.tool, arguments) }
    }

    package struct Forecast: Sendable, Equatable {
        /// That the result is the same as the last time.
        package var probability: Float
        /// What the probability is above with 95 % certainty, as far as effects are normal.
        package var lowerBound: Float
        /// Whether another session made the call last.
        package var isFromAnotherSession: Bool
    }

    package static let bits = 16
    private static let mostServers = 256
    private static let mostSince = 4

    private var effects: AdditiveEffects
    private var rates: HitRates
    private var memory: ResultMemory
    private var sessions: SessionResults
    /// The latest different tools that each server was asked for, the latest last, with the clock.
    private var asked: [UInt64: [(tool: UInt64, at: UInt64)]] = [:]
    private var clock: UInt64 = 0

    package init(bits: Int = bits) {
        effects = AdditiveEffects(bits: bits)
        rates = HitRates(bits: bits - 2)
        memory = ResultMemory(bits: bits - 2)
        sessions = SessionResults(bits: bits - 4)
    }

    /// What is expected of a call; nil for one that was never made or is forgotten.
    /// - Complexity: about 25 probes of tables.
    package func forecast(_ call: Call) -> Forecast? {
        guard let place = memory.place(call.key) else { return nil }
        let belief = effects.sum(terms(call, memory.slots[place]))
        return Forecast(
            probability: AdditiveEffects.probability(logOdds: belief.mean),
            lowerBound: AdditiveEffects.probability(
                logOdds: belief.mean - 1.645 * max(0, belief.variance).squareRoot()),
            isFromAnotherSession: memory.slots[place].session != call.session)
    }

    /// A hash of what a call gave last; nil for one that was never made or is forgotten.
    package func latestResult(_ call: Call) -> UInt64? {
        memory.place(call.key).map { memory.slots[$0].result }
    }

    /// Learns what a call gave.
    /// - Parameter result: a hash of it.
    package mutating func learn(_ call: Call, result: UInt64, isError: Bool) {
        clock += 1
        var (outcome, isOthers): (Bool?, Bool) = (nil, false)
        if let place = memory.place(call.key) {
            let isSame = memory.slots[place].result == result
            effects.learn(terms(call, memory.slots[place]), happened: isSame)
            for name in Self.rateNames(call) { rates.record(name, isHit: isSame) }
            (outcome, isOthers) = (isSame, memory.slots[place].session != call.session)
        }
        sessions.insert(
            call.session, call: call.key, result: result, isSame: isOthers ? outcome : nil, clock: clock)
        let now = clock
        memory.change(call.key) { slot in
            if let outcome {
                slot.outcomes = (slot.outcomes << 1 | (outcome ? 1 : 0)) & 7
                slot.known = min(3, slot.known + 1)
            }
            (slot.made, slot.session, slot.wasError) = (now, call.session, isError)
            slot.insert(result)
        }
        note(call.factors)
    }

    package var memoryBytes: Int {
        effects.memoryBytes + rates.memoryBytes + memory.slots.count * ResultMemory.slotBytes
            + sessions.memoryBytes + asked.count * 128
    }

    /// Notes that a server was asked for a tool.
    private mutating func note(_ factors: CallFactors) {
        guard asked[factors.server] != nil || asked.count < Self.mostServers else { return }
        var tools = asked.removeValue(forKey: factors.server) ?? []
        tools.removeAll { $0.tool == factors.tool }
        if tools.count == Self.mostSince { tools.removeFirst() }
        tools.append((factors.tool, clock))
        asked[factors.server] = tools
    }

    private static func rateNames(_ call: Call) -> [UInt64] {
        [CallFactors.name(41), CallFactors.name(42, call.factors.tool), CallFactors.name(43, call.key)]
    }

    private func terms(_ call: Call, _ slot: ResultMemory.Slot) -> [AdditiveEffects.Term] {
        typealias Term = AdditiveEffects.Term
        let names = Self.rateNames(call)
        let all = rates.rate(names[0], prior: 0.5, weight: 2)
        let tool = rates.rate(names[1], prior: all, weight: 3)
        let own = rates.rate(names[2], prior: tool, weight: 1.5)
        let total = max(1, slot.total)
        var terms: [Term] = []
        terms.reserveCapacity(24)
        terms.append(Term(CallFactors.name(1), variance: 1))
        terms.append(Term(CallFactors.name(2, call.factors.tool), variance: 0.3))
        terms.append(Term(CallFactors.name(3, call.key), variance: 0.5))
        terms.append(Term(CallFactors.name(4, UInt64(slot.outcomes), UInt64(slot.known)), variance: 0.3))
        terms.append(Term(CallFactors.name(5), scale: Self.logOdds(own), mean: 0.5, variance: 0.1))
        terms.append(
            Term(
                CallFactors.name(6), scale: Self.logOdds((slot.latestCount + 0.5 * tool) / (total + 0.5)),
                mean: 0.5, variance: 0.1))
        terms.append(
            Term(
                CallFactors.name(7),
                scale: Self.logOdds((slot.collision * total + 0.5 * tool) / (total + 0.5)),
                variance: 0.1))
        terms.append(
            Term(
                CallFactors.name(8, UInt64(slot.variants.count), UInt64(min(8, total))), variance: 0.1))
        if slot.wasError { terms.append(Term(CallFactors.name(9), variance: 0.3)) }
        terms.append(Term(CallFactors.name(10, call.factors.agent), variance: 0.05))
        for other in asked[call.factors.server] ?? []
        where other.at > slot.made && other.tool != call.factors.tool {
            terms.append(Term(CallFactors.name(11, call.factors.tool, other.tool), variance: 0.3))
        }
        addSession(call, slot, tool, to: &terms)
        return terms
    }

    /// What the session's other results say of this one.
    private func addSession(
        _ call: Call, _ slot: ResultMemory.Slot, _ rate: Float, to terms: inout [AdditiveEffects.Term]
    ) {
        typealias Term = AdditiveEffects.Term
        let counts = sessions.counts(call.session)
        let (same, different) = (counts.same, counts.different)
        terms.append(
            Term(CallFactors.name(12, UInt64(min(3, same)), UInt64(min(3, different))), variance: 0.3))
        terms.append(
            Term(CallFactors.name(13, call.factors.tool, different > 0 ? 1 : 0), variance: 0.2))
        let share = (Float(same) + rate) / (Float(same) + Float(different) + 1)
        terms.append(Term(CallFactors.name(14), scale: Self.logOdds(share), variance: 0.1))
        guard slot.session != call.session else {
            terms.append(Term(CallFactors.name(15), variance: 0.5))
            return
        }
        let state =
            sessions.agreement(call.session, slot.session).map {
                1 + UInt64(min(2, $0.same)) + 3 * UInt64(min(2, $0.different))
            } ?? 0
        terms.append(Term(CallFactors.name(16, state), variance: 0.5))
    }

    private static func logOdds(_ rate: Float) -> Float {
        let held = min(max(rate, 1e-4), 1 - 1e-4)
        return Transcendental.logarithm(held) - Transcendental.logarithm(1 - held)
    }
}

extension CacheForecast {
    package func save(to encoder: inout ByteEncoder) {
        effects.save(to: &encoder)
        rates.save(to: &encoder)
        memory.save(to: &encoder)
        encoder.write(clock)
        sessions.save(to: &encoder)
        encoder.write(UInt64(asked.count))
        for (server, tools) in asked.sorted(by: { $0.key < $1.key }) {
            encoder.write(server)
            encoder.write(UInt64(tools.count))
            for tool in tools {
                encoder.write(tool.tool)
                encoder.write(tool.at)
            }
        }
    }

    /// Reads a forecast; nil from bytes that none of that size wrote.
    package init?(bits: Int = bits, restoring decoder: inout ByteDecoder) {
        guard let effects = AdditiveEffects(bits: bits, restoring: &decoder),
            let rates = HitRates(bits: bits - 2, restoring: &decoder),
            let memory = ResultMemory(bits: bits - 2, restoring: &decoder),
            let clock = decoder.integer(upTo: 1 << 62),
            let sessions = SessionResults(bits: bits - 4, restoring: &decoder),
            let servers = decoder.integer(upTo: UInt64(Self.mostServers))
        else { return nil }
        (self.effects, self.rates, self.memory, self.clock) = (effects, rates, memory, clock)
        self.sessions = sessions
        for _ in 0..<servers {
            guard let server = decoder.integer(), let tools = decoder.integer(upTo: UInt64(Self.mostSince))
            else {
                return nil
            }
            for _ in 0..<tools {
                guard let tool = decoder.integer(), let at = decoder.integer() else { return nil }
                asked[server, default: []].append((tool, at))
            }
        }
    }
}
