import Foundation
import Synchronization

/// CPU time of this thread: on a shared machine, time in which others ran does not count.
func processorNanoseconds() -> Double {
    var time = timespec()
    // Proof: the call writes the value that is passed and keeps no pointer.
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// Runs `body` on two threads that begin together.
func onTwoThreads(_ body: @escaping @Sendable (Int) -> Double) -> (Double, Double) {
    let meeting = Meeting()
    for thread in 0..<2 {
        Thread {
            meeting.arrive()
            let result = body(thread)
            meeting.finish(thread, result)
        }.start()
    }
    return meeting.results()
}

/// Where two threads wait for each other, and are waited for.
private final class Meeting: Sendable {
    private let arrived = Atomic<Int>(0)
    private let spent = Mutex<[Int: Double]>([:])
    private let done = DispatchSemaphore(value: 0)

    func arrive() {
        arrived.wrappingAdd(1, ordering: .acquiringAndReleasing)
        while arrived.load(ordering: .acquiring) < 2 { sched_yield() }
    }

    func finish(_ thread: Int, _ result: Double) {
        spent.withLock { $0[thread] = result }
        done.signal()
    }

    func results() -> (Double, Double) {
        done.wait()
        done.wait()
        return spent.withLock { ($0[0] ?? .nan, $0[1] ?? .nan) }
    }
}
