import Foundation
import Identifiers

/// Repeats a measurement and takes the middle, so that one disturbed round does not decide.
enum Rounds {
    static let count = 7

    static func median(_ measure: () -> Double) -> Double { middle((0..<count).map { _ in measure() }) }

    static func middle(_ values: [Double]) -> Double { quantile(0.5, values.sorted()) }

    /// - Parameters:
    ///   - q: from 0 to 1.
    ///   - sorted: in ascending order; not empty.
    static func quantile(_ q: Double, _ sorted: [Double]) -> Double {
        sorted[min(sorted.count - 1, Int(q * Double(sorted.count)))]
    }

    /// The processor time of `body` on this thread: what else the machine does is not counted.
    static func processorNanoseconds(_ body: () -> Void) -> Double {
        let start = processorTime
        body()
        return max(1, processorTime - start)
    }

    private static var processorTime: Double { reading(CLOCK_THREAD_CPUTIME_ID) }

    /// The processor time of all threads of this process since it started.
    static var processNanoseconds: Double { reading(CLOCK_PROCESS_CPUTIME_ID) }

    private static func reading(_ clock: clockid_t) -> Double {
        var time = timespec()
        // Proof: `time` outlives the call, which writes one timespec.
        _ = unsafe clock_gettime(clock, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    /// A reading of the monotonic clock, in nanoseconds.
    static var now: Double { reading(CLOCK_MONOTONIC) }

    /// The wall-clock time of `body`.
    static func nanoseconds(_ body: () -> Void) -> Double {
        let start = MonotonicTime.now
        body()
        return Double(MonotonicTime.now.nanoseconds(since: start))
    }
}
