import Patterns
import TestSupport
import Testing

@Suite("Experiments") struct ExperimentTests {
    @Test(
        "Knowing the task an experiment ends with fewer units than without",
        arguments: 1...3 as ClosedRange<UInt64>)
    func adjusted(seed: UInt64) {
        func units(knowsTask: Bool) -> Int {
            var (experiment, random) = (Experiment(bits: 8), SeededGenerator(seed: seed))
            var units = 0
            while units < 50_000, !experiment.test.isDecided {
                let task = Int.random(in: 0..<20, using: &random)
                let call = CallFactors(agent: "", server: "s", tool: knowsTask ? "task-\(task)" : "task")
                let isSecond = random.chance(50)
                let percent = (task < 10 ? 5 : 85) + (isSecond ? 8 : 0)
                experiment.insert(call, reward: random.chance(percent) ? 1 : 0, isSecond: isSecond)
                units += 1
            }
            #expect(experiment.test.difference > 0 && !experiment.ratio.isMismatched, "seed \(seed)")
            return units
        }
        #expect(units(knowsTask: true) < units(knowsTask: false), "seed \(seed)")
    }

    @Test("A unit without a reward counts only in the ratio") func noReward() {
        var experiment = Experiment(bits: 8)
        let call = CallFactors(agent: "", server: "s", tool: "t")
        for _ in 0..<200 { experiment.insert(call, reward: .nan, isSecond: true) }
        #expect(experiment.test.count == 0 && experiment.ratio.isMismatched)
        #expect(experiment.expectation(call) == 0.5)
    }
}
