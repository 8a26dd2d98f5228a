import Identifiers
import Sessions
import Transports

/// How work travels from one event loop to another, as a call does whose server is reached on another loop.
package enum LoopHop: String, CaseIterable, Sendable {
    /// One piece of work there and back, then the next: two loops are woken each time.
    case roundTrip = "round-trip"
    /// `burst` pieces there, one back, then the next burst: what the queue itself costs.
    case stream

    package static let burst = 512

    /// Nanoseconds for each piece of work that went there.
    package struct Cost: Sendable {
        package var processor: Double
        package var elapsed: Double
    }

    /// - Parameter count: pieces of work, rounded up to whole bursts in a stream.
    package func measure(_ count: Int) async -> Cost {
        let size = self == .stream ? Self.burst : 1
        let turns = max(1, (count + size - 1) / size)
        let loops = EventLoops(count: 2)
        await Hopping(loops[0], loops[1], size).run(turns: max(1, turns / 10))
        let (start, spent) = (MonotonicTime.now, Rounds.processNanoseconds)
        await Hopping(loops[0], loops[1], size).run(turns: turns)
        let cost = Cost(
            processor: (Rounds.processNanoseconds - spent) / Double(turns * size),
            elapsed: Double(MonotonicTime.now.nanoseconds(since: start)) / Double(turns * size))
        await loops.shutdown()
        return cost
    }
}

/// A run between two loops: `size` pieces of work there, of which the last sends one back.
private final class Hopping: Sendable {
    private let here: any Loop
    private let there: any Loop
    private let size: Int

    init(_ here: any Loop, _ there: any Loop, _ size: Int) {
        self.here = here
        self.there = there
        self.size = size
    }

    func run(turns: Int) async {
        await withCheckedContinuation { done in
            here.execute { self.send(turns) { done.resume() } }
        }
    }

    private func send(_ turns: Int, _ done: @escaping @Sendable () -> Void) {
        guard turns > 0 else { return done() }
        for piece in 1...size {
            there.execute {
                if piece == self.size { self.here.execute { self.send(turns - 1, done) } }
            }
        }
    }
}
