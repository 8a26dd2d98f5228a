import Testing

@testable import Orchestration

@Suite("The budget of learning") struct LearningBudgetTests {
    private static let second: UInt64 = 1_000_000_000

    private func hash(_ session: UInt64) -> UInt64 { session &* 0x9E37_79B9_7F4A_7C15 }

    /// Lets so many sessions call once in each of some seconds, and tells how many calls were let in.
    private func run(
        _ budget: inout LearningBudget, seconds: Int, sessions: UInt64, cost: UInt64, from start: UInt64 = 1
    ) -> [Int] {
        (0..<seconds).map { second in
            let now = (start + UInt64(second)) * Self.second
            return (0..<sessions).count { session in
                guard budget.admits(hash(session), now: now + session) else { return false }
                budget.spend(cost)
                return true
            }
        }
    }

    @Test("All sessions are learned from while there is time")
    func enough() {
        var budget = LearningBudget(share: 0.1)
        #expect(run(&budget, seconds: 5, sessions: 100, cost: 100_000) == [100, 100, 100, 100, 100])
        #expect(budget.fraction == 1)
    }

    @Test("No second takes more than its share, by a call, and the sessions that are kept stay the same")
    func tooMany() {
        var budget = LearningBudget(share: 0.1)
        let admitted = run(&budget, seconds: 20, sessions: 10_000, cost: 100_000)
        #expect(admitted.allSatisfy { $0 <= 1001 })
        #expect(admitted.suffix(5).allSatisfy { $0 >= 400 })
        let now = 100 * Self.second
        let first = (0..<10_000 as Range<UInt64>).filter { budget.admits(hash($0), now: now) }
        let second = (0..<10_000 as Range<UInt64>).filter { budget.admits(hash($0), now: now) }
        #expect(first == second)
    }

    @Test("Once it is quiet again, all sessions are learned from")
    func recovery() {
        var budget = LearningBudget(share: 0.1)
        _ = run(&budget, seconds: 10, sessions: 10_000, cost: 100_000)
        #expect(budget.fraction < 1)
        let admitted = run(&budget, seconds: 20, sessions: 10, cost: 100_000, from: 100)
        #expect(admitted.last == 10)
    }
}
