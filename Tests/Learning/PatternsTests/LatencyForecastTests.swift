import Foundation
import Patterns
import TestSupport
import Testing

@Suite("How long calls will take") struct LatencyForecastTests {
    @Test(
        "Of each tool, fast and even or slow and uneven, nearly all calls keep the bound",
        arguments: [3, 4, 5])
    func coverage(seed: UInt64) {
        var forecast = LatencyForecast(bits: 10)
        var random = SeededGenerator(seed: seed)
        let tools: [(name: String, median: Float, spread: Float)] = [("fast", 0.01, 0.1), ("slow", 3, 1)]
        var (kept, calls) = (["fast": 0, "slow": 0], 0)
        for step in 0..<8000 {
            for tool in tools {
                // A sum of uniform numbers is near enough to normal.
                let deviate = (0..<6).reduce(Float(0)) { sum, _ in
                    sum + Float.random(in: -1..<1, using: &random)
                }
                let call = CallFactors(agent: "a", server: "s", tool: tool.name)
                let seconds = tool.median * exp(tool.spread * deviate / 1.414)
                let bound = forecast.forecast(call).bound
                if step >= 2000, LatencyForecast.logarithm(seconds) <= bound {
                    kept[tool.name, default: 0] += 1
                }
                forecast.learn(call, seconds: seconds)
            }
            if step >= 2000 { calls += 1 }
        }
        for tool in tools {
            let share = Double(kept[tool.name] ?? 0) / Double(calls)
            #expect((0.92...0.98).contains(share), "\(tool.name) \(share), seed \(seed)")
            let middle = forecast.forecast(CallFactors(agent: "a", server: "s", tool: tool.name)).middle
            #expect(abs(middle - log(tool.median)) < 0.3, "\(tool.name), seed \(seed)")
        }
    }
}
