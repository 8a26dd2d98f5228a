import Patterns
import Testing

@Suite("What is known of a call before it is made") struct CallFactorsTests {
    private static func factors(_ agent: String, _ tool: String) -> CallFactors {
        CallFactors(agent: agent, server: "s", tool: tool)
    }

    @Test("Agents of one family share the prefixes of their names") func agents() {
        let (small, large) = (Self.factors("gpt-5-mini-low", "t"), Self.factors("gpt-5-high", "t"))
        #expect(small.agents.count == 4)
        #expect(small.agents.prefix(2) == large.agents.prefix(2))
        #expect(small.agent != large.agent)
        #expect(Self.factors("", "t").agents.count == 1)
    }

    @Test(
        "Tools share what stands before a double line, or else before the first separator",
        arguments: [
            ("desk__a_b", "desk__c", true), ("get_item", "get_user", true), ("get.item", "get_user", true),
            ("get_item", "list_items", false), ("_a", "_b", false),
        ])
    func families(_ a: String, _ b: String, _ isShared: Bool) {
        #expect((Self.factors("", a).family == Self.factors("", b).family) == isShared)
    }

    @Test("Tools of two servers are two tools") func servers() {
        #expect(
            CallFactors(agent: "", server: "a", tool: "t").tool
                != CallFactors(agent: "", server: "b", tool: "t").tool)
    }
}
