extension SequenceTrail {
    private static let mostSymbol: UInt64 = 1 << 32

    package func save(to encoder: inout ByteEncoder) {
        encoder.write(agent)
        for list in [recent, seen, mentions, earlierMentions, groupsCalled, groupsNamed] {
            encoder.write(UInt64(list.count))
            for symbol in list { encoder.write(UInt64(symbol)) }
        }
        for list in [contexts, argumentTokens, resultTokens, exact] {
            encoder.write(UInt64(list.count))
            for hash in list { encoder.write(hash) }
        }
        let group = UInt64(group + 1)
        for value in [UInt64(calls), group, UInt64(run), firstExact, parallel, toolSet, callSet] {
            encoder.write(value)
        }
    }

    /// Reads a trail; nil from bytes that none wrote.
    package init?(restoring decoder: inout ByteDecoder) {
        guard let agent = decoder.integer() else { return nil }
        self.init(agent: agent)
        let sizes = [
            Self.mostRecent, Self.mostSeen, Self.mostMentions, Self.mostEarlier, Self.mostGroups,
            Self.mostGroups,
        ]
        var lists: [[Int]] = []
        for most in sizes {
            guard let list = decoder.integers(most: most, upTo: Self.mostSymbol) else { return nil }
            lists.append(list.map { Int($0) })
        }
        guard let contexts = decoder.integers(most: SequenceContexts.count, upTo: .max),
            contexts.count == SequenceContexts.count,
            let argumentTokens = decoder.integers(most: Self.mostArgumentTokens, upTo: .max),
            let resultTokens = decoder.integers(most: Self.mostResultTokens, upTo: .max),
            let exact = decoder.integers(most: 3, upTo: .max),
            let calls = decoder.integer(upTo: Self.mostSymbol),
            let group = decoder.integer(upTo: Self.mostSymbol + 1),
            let run = decoder.integer(upTo: Self.mostSymbol),
            let firstExact = decoder.integer(), let parallel = decoder.integer(upTo: 3),
            let toolSet = decoder.integer(), let callSet = decoder.integer()
        else { return nil }
        (recent, seen, mentions, earlierMentions) = (lists[0], lists[1], lists[2], lists[3])
        (groupsCalled, groupsNamed) = (lists[4], lists[5])
        (self.contexts, self.argumentTokens, self.resultTokens) = (contexts, argumentTokens, resultTokens)
        (self.exact, self.firstExact, self.toolSet, self.callSet) = (exact, firstExact, toolSet, callSet)
        (self.calls, self.group, self.run) = (Int(calls), Int(group) - 1, Int(run))
        self.parallel = parallel
    }
}
