import Foundation
import Synchronization

/// Where two threads wait for each other, and are waited for.
final class Meeting: Sendable {
    private let arrived = Atomic<Int>(0)
    private let sums = Atomic<Int>(0)
    private let time = Mutex<Double>(0)
    private let done = DispatchSemaphore(value: 0)

    func wait() {
        arrived.wrappingAdd(1, ordering: .acquiringAndReleasing)
        while arrived.load(ordering: .acquiring) < 2 { sched_yield() }
    }

    /// Takes what work came to, so that the compiler leaves none of it out.
    func keep(_ sum: Int) { sums.wrappingAdd(sum, ordering: .relaxed) }

    func finish(_ nanoseconds: Double) {
        time.withLock { $0 += nanoseconds }
        done.signal()
    }

    func total() -> Double {
        done.wait()
        done.wait()
        return time.withLock { $0 }
    }
}
