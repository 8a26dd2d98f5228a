/// What a sequence learner remembers of one session: contexts of its next call, as hashes.
///
/// Memory: below 2 KiB, however long the session is.
package struct SequenceTrail: Sendable, Equatable {
    /// Tools that are remembered by their order.
    static let mostRecent = 8
    static let mostSeen = 64
    static let mostArgumentTokens = 12
    static let mostResultTokens = 16
    static let mostMentions = 12
    static let mostEarlier = 24
    static let mostGroups = 32

    /// Calls so far.
    package internal(set) var calls = 0
    /// The tools of the latest calls, the latest first.
    var recent: [Int] = []
    /// Distinct tools of the session, oldest first.
    var seen: [Int] = []
    /// The server of the latest call; -1 before the first.
    var group = -1
    /// How often the latest tool was called in a row.
    var run = 0
    /// Tools that the latest arguments and result name, in their order.
    var mentions: [Int] = []
    /// The hash of each context, 0 for one that does not exist yet; see `SequenceContexts`.
    var contexts = [UInt64](repeating: 0, count: SequenceContexts.count)
    /// Words of the latest arguments, joined with the tool.
    var argumentTokens: [UInt64] = []
    /// Words of the latest result, joined with the tool.
    var resultTokens: [UInt64] = []
    /// Tools that earlier results named, the latest first.
    var earlierMentions: [Int] = []
    /// Servers of the tools that were called or named.
    var groupsCalled: [Int] = []
    var groupsNamed: [Int] = []

    /// The hashes of the latest three calls with their arguments, the latest first.
    var exact: [UInt64] = []
    var firstExact: UInt64 = 0
    /// Whether any of the latest two calls ran beside the one before it, as two bits.
    var parallel: UInt64 = 0
    /// A hash of the tools called, whatever their order and number.
    var toolSet: UInt64 = 0
    /// A hash of the calls made, whatever their order.
    var callSet: UInt64 = 0

    /// Who calls: a hash of what tells one kind of agent from another; 0 where that is unknown.
    let agent: UInt64

    package init(agent: UInt64 = 0) {
        self.agent = agent
        SequenceContexts.fill(&self, shape: 0, keys: 0, result: 0)
    }

    /// Goes on by one call.
    /// - Complexity: one step a byte of arguments and result, at most `ContentTokens.mostBytes` each.
    package mutating func advance(_ call: SequenceCall, names: SymbolNames) {
        run = recent.first == call.symbol ? run + 1 : 1
        if recent.count == Self.mostRecent { recent.removeLast() }
        recent.insert(call.symbol, at: 0)
        let symbolHash = HashMix.mix(UInt64(truncatingIfNeeded: call.symbol))
        if seen.count < Self.mostSeen, !seen.contains(call.symbol) {
            seen.append(call.symbol)
            toolSet ^= symbolHash
        }
        group = call.group
        parallel = (parallel << 1 | (call.isParallel ? 1 : 0)) & 3
        if groupsCalled.count < Self.mostGroups, !groupsCalled.contains(group) { groupsCalled.append(group) }
        let exactHash = HashMix.mix(symbolHash, HashMix.hash(call.arguments.prefix(1024)))
        if exact.count == 3 { exact.removeLast() }
        exact.insert(exactHash, at: 0)
        callSet &+= HashMix.mix(exactHash)
        readTokens(call, symbolHash, names)
        if calls == 0 {
            firstExact = exactHash
        }
        calls += 1
        let size = UInt64(call.result.count == 0 ? 0 : 64 - call.result.count.leadingZeroBitCount)
        let start = HashMix.hash(call.result.prefix(12))
        SequenceContexts.fill(
            &self, shape: HashMix.mix(start, size << 1 | (call.isError ? 1 : 0)),
            keys: Self.keys(call.arguments), result: HashMix.hash(call.result.prefix(1024)))
    }

    private mutating func readTokens(_ call: SequenceCall, _ symbol: UInt64, _ names: SymbolNames) {
        for named in mentions.reversed() {
            earlierMentions.removeAll { $0 == named }
            earlierMentions.insert(named, at: 0)
        }
        if earlierMentions.count > Self.mostEarlier {
            earlierMentions.removeSubrange(Self.mostEarlier...)
        }
        argumentTokens.removeAll(keepingCapacity: true)
        resultTokens.removeAll(keepingCapacity: true)
        mentions.removeAll(keepingCapacity: true)
        ContentTokens.forEach(call.arguments) { token in
            if argumentTokens.count < Self.mostArgumentTokens {
                argumentTokens.append(HashMix.mix(symbol, token))
            }
            mention(token, names)
            return true
        }
        ContentTokens.forEach(call.result) { token in
            if resultTokens.count < Self.mostResultTokens {
                resultTokens.append(HashMix.mix(symbol &+ 1, token))
            }
            mention(token, names)
            return true
        }
    }

    @inline(__always)
    private mutating func mention(_ token: UInt64, _ names: SymbolNames) {
        names.forEach(token) { symbol, server in
            if mentions.count < Self.mostMentions, !mentions.contains(symbol) { mentions.append(symbol) }
            if groupsNamed.count < Self.mostGroups, !groupsNamed.contains(server) {
                groupsNamed.append(server)
            }
        }
    }

    static let relations = 4 * 6 + 8

    /// What a candidate is to the session, from 0 to `relations - 1`.
    @inline(__always)
    func relation(_ symbol: Int, _ server: Int) -> Int {
        let phase = calls < 2 ? calls : calls < 6 ? 2 : 3
        if recent.first == symbol { return phase * 6 + min(run, 3) - 1 }
        if recent.count > 1, recent[1] == symbol { return phase * 6 + 3 }
        if seen.contains(symbol) { return phase * 6 + 4 + (group == server ? 1 : 0) }
        let kin =
            group == server ? 0 : groupsCalled.contains(server) ? 1 : groupsNamed.contains(server) ? 2 : 3
        return 24 + kin * 2 + (calls < 2 ? 0 : 1)
    }

    /// A hash of the keys of an object's text: each quoted run before a colon.
    private static func keys(_ arguments: ArraySlice<UInt8>) -> UInt64 {
        var (state, run): (UInt64, UInt64) = (0, 0)
        var isQuoted = false
        var last: UInt64 = 0
        for byte in arguments.prefix(512) {
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
                if isQuoted { run = 0 } else { last = run }
            } else if isQuoted {
                run = (run ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            } else if byte == UInt8(ascii: ":") {
                state = HashMix.mix(state, last)
            }
        }
        return state
    }
}
