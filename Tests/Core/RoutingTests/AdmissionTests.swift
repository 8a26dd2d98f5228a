import TestSupport
import Testing

@testable import Routing

struct AdmissionTests {
    @Test("Calls run up to the limit, then wait, then are refused with a time to come back")
    func limits() {
        var admission = Admission<Int>(limit: 2, queueBound: 1)
        #expect(admission.admit(1, priority: .normal) == .run)
        #expect(admission.admit(2, priority: .normal) == .run)
        #expect(admission.admit(3, priority: .normal) == .queued)
        guard case .refused(let milliseconds) = admission.admit(4, priority: .interactive) else {
            Issue.record("the fourth call was not refused")
            return
        }
        #expect(Admission<Int>.retryAfterBounds.contains(milliseconds))
        #expect(admission.finished() == 3)
        #expect(admission.finished() == nil)
        #expect(admission.finished() == nil)
        #expect(admission.running == 0)
    }

    @Test("A queue of no places refuses at once")
    func noQueue() {
        var admission = Admission<Int>(limit: 1, queueBound: 0)
        #expect(admission.admit(1, priority: .interactive) == .run)
        #expect(admission.admit(2, priority: .interactive) != .queued)
    }

    @Test("The more urgent call goes first, and equals go in order of arrival")
    func order() {
        var admission = Admission<String>(limit: 1, queueBound: 100)
        _ = admission.admit("running", priority: .normal)
        for (name, priority) in [
            ("b1", CallPriority.background), ("n1", .normal), ("i1", .interactive), ("n2", .normal),
            ("i2", .interactive),
        ] { #expect(admission.admit(name, priority: priority) == .queued) }
        #expect((0..<5).map { _ in admission.finished() } == ["i1", "i2", "n1", "n2", "b1"])
    }

    @Test("A background call gets its turn under a steady stream of interactive ones")
    func aging() {
        var admission = Admission<String>(limit: 1, queueBound: 100)
        _ = admission.admit("running", priority: .interactive)
        _ = admission.admit("background", priority: .background)
        _ = admission.admit("normal", priority: .normal)
        var started: [String] = []
        for _ in 0..<40 {
            _ = admission.admit("interactive", priority: .interactive)
            if let next = admission.finished() { started.append(next) }
        }
        #expect(started.filter { $0 == "background" }.count == 1)
        #expect(started.filter { $0 == "normal" }.count == 1)
        #expect(started.prefix(16).allSatisfy { $0 == "interactive" })
    }

    @Test("Background calls fill half of the places only")
    func backgroundShare() {
        var admission = Admission<Int>(limit: 1, queueBound: 8)
        _ = admission.admit(0, priority: .normal)
        let queued = (1...8).filter { admission.admit($0, priority: .background) == .queued }
        #expect(queued.count == 4)
        #expect(admission.admit(9, priority: .interactive) == .queued)
    }

    @Test("A withdrawn call never runs, and the others keep their order")
    func withdrawal() {
        var admission = Admission<Int>(limit: 1, queueBound: 100)
        for call in 0...20 { _ = admission.admit(call, priority: .normal) }
        #expect(admission.withdraw { $0 == 7 } == 7)
        #expect(admission.withdraw { $0 == 7 } == nil)
        #expect(admission.withdraw { $0 == 0 } == nil, "a running call is not in a line")
        #expect((1...19).map { _ in admission.finished() } == (1...20).filter { $0 != 7 })
        #expect(admission.withdrawAll().isEmpty)
    }

    @Test("A higher limit starts calls that wait, a lower one lets running calls finish")
    func resizing() {
        var admission = Admission<Int>(limit: 1, queueBound: 100)
        for call in 0...9 { _ = admission.admit(call, priority: .normal) }
        #expect(admission.setLimits(limit: 4, queueBound: 100) == [1, 2, 3])
        #expect(admission.setLimits(limit: 2, queueBound: 100).isEmpty)
        #expect(admission.finished() == nil)
        #expect(admission.finished() == nil)
        #expect(admission.finished() == 4)
        #expect(admission.withdrawAll() == [5, 6, 7, 8, 9])
    }

    @Test("Longer calls and longer lines give a later time to come back")
    func retryAfter() {
        func refusal(_ milliseconds: Int, waiting: Int) -> Int {
            var admission = Admission<Int>(limit: 1, queueBound: waiting)
            for _ in 0..<50 {
                _ = admission.admit(0, priority: .normal)
                _ = admission.finished(afterMilliseconds: milliseconds)
            }
            for _ in 0...waiting { _ = admission.admit(0, priority: .normal) }
            guard case .refused(let milliseconds) = admission.admit(0, priority: .normal) else { return 0 }
            return milliseconds
        }
        #expect(refusal(10, waiting: 1) == 50)
        #expect(refusal(1_000, waiting: 1) > refusal(100, waiting: 1))
        #expect(refusal(1_000, waiting: 9) > refusal(1_000, waiting: 1))
        #expect(refusal(.max, waiting: 9) == 30_000)
    }

    @Test(
        "Under random calls, withdrawals and limits, the limit holds and each call ends in exactly one way",
        arguments: [41, 42, 43, 44] as [UInt64])
    func property(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var admission = Admission<Int>(limit: 3, queueBound: 20)
        var running: [Int] = []
        var waiting: [Int] = []
        func start(_ call: Int) {
            guard let index = waiting.firstIndex(of: call) else {
                Issue.record("seed \(seed): call \(call) started without waiting")
                return
            }
            running.append(waiting.remove(at: index))
        }
        for call in 0..<20_000 {
            let runningBefore = running.count
            switch random.next() % 20 {
            case 0..<10:
                switch admission.admit(call, priority: CallPriority.allCases.randomElement(using: &random)!) {
                case .run: running.append(call)
                case .queued: waiting.append(call)
                case .refused: break
                }
            case 10..<18:
                guard let index = running.indices.randomElement(using: &random) else { continue }
                running.remove(at: index)
                if let next = admission.finished(afterMilliseconds: Int(random.next() % 500)) { start(next) }
            case 18:
                guard let index = waiting.indices.randomElement(using: &random) else { continue }
                let target = waiting.remove(at: index)
                #expect(admission.withdraw { $0 == target } == target, "seed \(seed)")
            default:
                let limit = Int.random(in: 1...6, using: &random)
                for next in admission.setLimits(limit: limit, queueBound: 20) { start(next) }
            }
            #expect(running.count <= max(runningBefore, admission.limit), "seed \(seed)")
            #expect(admission.running == running.count && admission.waiting == waiting.count, "seed \(seed)")
            #expect(admission.waiting <= 20, "seed \(seed)")
            #expect(
                running.count >= admission.limit || waiting.isEmpty,
                "seed \(seed): a free place beside a line")
        }
        while running.popLast() != nil {
            if let next = admission.finished() { start(next) }
        }
        #expect(waiting.isEmpty && admission.waiting == 0, "seed \(seed)")
    }
}
