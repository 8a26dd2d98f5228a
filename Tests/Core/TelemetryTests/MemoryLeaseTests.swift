import Testing

@testable import Telemetry

@Suite("Taking parts of an account")
struct MemoryLeaseTests {
    @Test("A lease takes up to the last byte of the account, and gives nearly all of it back")
    func bound() {
        let account = MemoryAccount(budgetBytes: 1 << 20)
        var lease = MemoryLease(account)
        let isFirstTaken = lease.take(1)
        #expect(account.usedBytes == 1024)
        let isRestTaken = lease.take((1 << 20) - 1)
        #expect(account.usedBytes == 1 << 20)
        let isMoreTaken = lease.take(1)
        let taken = lease.takenBytes
        #expect(isFirstTaken && isRestTaken && !isMoreTaken)
        #expect(taken == 1 << 20)
        lease.give(1 << 20)
        #expect(account.usedBytes == 1024)
    }

    @Test("What goes ends with nothing reserved")
    func end() {
        let account = MemoryAccount(budgetBytes: 1 << 20)
        do {
            var lease = MemoryLease(account)
            let isTaken = lease.take(100_000)
            #expect(isTaken)
        }
        #expect(account.usedBytes == 0)
    }

    @Test("Two leases share one budget")
    func shared() {
        let account = MemoryAccount(budgetBytes: 96 << 20)
        var first = MemoryLease(account)
        var second = MemoryLease(account)
        let areTaken = first.take(10) && second.take(10)
        #expect(areTaken)
        #expect(account.usedBytes == 2 * 64 << 10)
        let isMoreTaken = second.take((96 << 20) - (64 << 10))
        #expect(!isMoreTaken)
        let isRestTaken = second.take((96 << 20) - (64 << 10) - 10)
        #expect(isRestTaken && account.usedBytes == 96 << 20)
        let taken = (first.takenBytes, second.takenBytes)
        #expect(taken == (10, (96 << 20) - (64 << 10)))
    }

    @Test("Without an account there is no bound")
    func unbounded() {
        var lease = MemoryLease(nil)
        let isTaken = lease.take(1 << 50)
        lease.give(1 << 50)
        let taken = lease.takenBytes
        #expect(isTaken && taken == 0)
    }

    @Test("What one holder has is counted by its changes")
    func held() {
        let account = MemoryAccount(budgetBytes: 100)
        var held = HeldBytes(account)
        let isSet = held.set(60)
        let isTooMuchSet = held.set(101)
        #expect(isSet && !isTooMuchSet)
        #expect(held.count == 60 && account.usedBytes == 60)
        let isForced = held.force(150)
        #expect(!isForced && account.usedBytes == 150)
        let isLess = held.set(20)
        #expect(isLess && account.usedBytes == 20)
        let isNothing = held.set(0)
        #expect(isNothing && account.usedBytes == 0)
    }
}
