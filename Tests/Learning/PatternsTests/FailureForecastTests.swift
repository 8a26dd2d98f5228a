import Patterns
import TestSupport
import Testing

@Suite("How likely calls are to fail") struct FailureForecastTests {
    private static func call(_ agent: String, _ tool: String) -> CallFactors {
        CallFactors(agent: agent, server: "s", tool: tool)
    }

    @Test(
        "An agent is expected to fail where others of its family did, and a tool where it failed for others")
    func families() {
        var forecast = FailureForecast(bits: 10)
        for step in 0..<300 {
            let (agent, tool) = (step % 3, step % 5)
            forecast.learn(Self.call("weak-\(agent)", "tool_\(tool)"), failed: tool > 1)
            forecast.learn(Self.call("strong-\(agent)", "tool_\(tool)"), failed: tool > 3)
        }
        #expect(forecast.probability(Self.call("weak-9", "tool_3")) > 0.7)
        #expect(forecast.probability(Self.call("strong-9", "tool_3")) < 0.3)
        #expect(forecast.probability(Self.call("new", "tool_4")) > 0.7)
        #expect(forecast.probability(Self.call("new", "tool_0")) < 0.3)
    }

    @Test("One agent's own failures at a tool weigh more than what all others did") func own() {
        var forecast = FailureForecast(bits: 10)
        for step in 0..<60 {
            forecast.learn(Self.call("a\(step % 6)", "t"), failed: false)
            if step % 6 == 0 { forecast.learn(Self.call("other", "t"), failed: true) }
        }
        #expect(forecast.probability(Self.call("other", "t")) > 0.5)
        #expect(forecast.probability(Self.call("a1", "t")) < 0.2)
    }
}
