import Testing

@testable import Telemetry

@Suite("Counting what a part holds")
struct MemoryAccountTests {
    @Test("the budget can be used to its last byte and not beyond")
    func bound() {
        let account = MemoryAccount(budgetBytes: 100)
        #expect(account.reserve(60))
        #expect(account.reserve(40))
        #expect(!account.reserve(1))
        #expect(account.usedBytes == 100)
        #expect(account.refusalCount == 1)
        account.release(40)
        #expect(account.usedBytes == 60)
        #expect(account.reserve(1))
    }

    @Test("what cannot be refused is counted beyond the budget, and nothing is lent meanwhile")
    func beyond() {
        let account = MemoryAccount(budgetBytes: 10)
        account.add(25)
        #expect(account.usedBytes == 25)
        #expect(!account.reserve(1))
        account.release(25)
        #expect(account.reserve(10))
    }

    @Test("a size that no memory has is refused and leaves the count as it was")
    func absurd() {
        let account = MemoryAccount(budgetBytes: 10)
        #expect(account.reserve(5))
        #expect(!account.reserve(Int.max))
        #expect(account.usedBytes == 5)
        #expect(account.reserve(0))
        #expect(account.reserve(5))
    }

    @Test("threads together never get more than the budget, and what they give back is all there again")
    func threads() async {
        let account = MemoryAccount(budgetBytes: 1000)
        let peaks = await withTaskGroup(of: Int.self) { group in
            for size in 1...8 {
                group.addTask {
                    var peak = 0
                    for _ in 0..<20_000 where account.reserve(size * 37) {
                        peak = max(peak, size * 37)
                        account.release(size * 37)
                    }
                    return peak
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(peaks.allSatisfy { $0 > 0 })
        #expect(account.usedBytes == 0)
    }
}
