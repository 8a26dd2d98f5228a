import Identifiers
import Sessions
import TestSupport

/// Several loops and one clock on one thread: what runs next is drawn by a seed, each loop's work in order.
final class World: @unchecked Sendable {
    // Proof of Sendable: a test uses its world on one thread at a time.
    private(set) var now = MonotonicTime(nanoseconds: 1_000_000_000_000)
    var random: SeededGenerator
    private(set) var loops: [ManualLoop] = []
    fileprivate var current: ManualLoop?
    fileprivate var timers: [ManualTimer] = []
    fileprivate var timerNumber = 0

    init(loops count: Int, seed: UInt64) {
        random = SeededGenerator(seed: seed)
        loops = (0..<count).map { ManualLoop(index: $0, world: self) }
    }

    /// Runs one piece of work of a loop drawn at random.
    /// - Returns: false if no loop has any at this time.
    func step() -> Bool {
        let ready = loops.filter { !$0.work.isEmpty }
        guard let loop = ready.randomElement(using: &random) else { return false }
        let body = loop.work.removeFirst()
        current = loop
        body()
        loop.endTurn()
        current = nil
        return true
    }

    /// How much waits for its time.
    var timerCount: Int { timers.count }

    /// How long a request is under way, in microseconds.
    var someDelay: Int { Int.random(in: 0...2_000, using: &random) }

    /// Runs everything that can run without time passing.
    func settle() { while step() {} }

    func run(milliseconds: Int) {
        let end = now.advanced(byMilliseconds: milliseconds)
        repeat { settle() } while advance(upTo: end)
        now = end
    }

    /// Runs until the condition holds.
    /// - Returns: whether it came to hold in time.
    @discardableResult
    func run(atMost milliseconds: Int = 60_000, until isDone: () -> Bool) -> Bool {
        let end = now.advanced(byMilliseconds: milliseconds)
        while !isDone() {
            if step() { continue }
            guard advance(upTo: end) else { return isDone() }
        }
        return true
    }

    /// Lets time pass to the next timer and hands its work to its loop.
    private func advance(upTo end: MonotonicTime) -> Bool {
        guard let timer = timers.first, timer.time <= end else { return false }
        timers.removeFirst()
        now = max(now, timer.time)
        timer.loop.work.append(timer.body)
        return true
    }

    fileprivate func insert(_ timer: ManualTimer) {
        let index = timers.firstIndex { $0.time > timer.time } ?? timers.count
        timers.insert(timer, at: index)
    }
}

final class ManualLoop: Loop, @unchecked Sendable {
    // Proof of Sendable: as its world.
    let index: Int
    fileprivate unowned let world: World
    fileprivate var work: [@Sendable () -> Void] = []
    private var ending: [any TurnEnding] = []

    init(index: Int, world: World) {
        self.index = index
        self.world = world
    }

    var isCurrent: Bool { world.current === self }

    func execute(_ body: @escaping @Sendable () -> Void) { work.append(body) }

    func atTurnEnd(_ one: any TurnEnding) { ending.append(one) }

    fileprivate func endTurn() {
        let ending = self.ending
        self.ending = []
        for one in ending { one.turnEnded() }
    }

    func schedule(after delay: Duration, _ body: @escaping @Sendable () -> Void) -> any ScheduledWork {
        let (seconds, attoseconds) = delay.components
        let nanoseconds = UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
        world.timerNumber += 1
        let timer = ManualTimer(
            number: world.timerNumber, loop: self,
            time: MonotonicTime(nanoseconds: world.now.nanoseconds + nanoseconds), body: body)
        world.insert(timer)
        return timer
    }
}

struct ManualTimer: ScheduledWork {
    let number: Int
    let loop: ManualLoop
    let time: MonotonicTime
    let body: @Sendable () -> Void

    func cancel() { loop.world.timers.removeAll { $0.number == number } }
}
