import Foundation

/// CPU time a message, over rounds in which all contenders take turns.
struct Measurement {
    private(set) var nanoseconds: [Double] = []

    var minimum: Double { nanoseconds.min() ?? .nan }
    var median: Double { nanoseconds.sorted()[nanoseconds.count / 2] }

    mutating func addRound(iterations: Int, _ read: () -> Int) {
        var accepted = 0
        let start = Self.cpuNanoseconds()
        for _ in 0..<iterations where read() != 0 { accepted += 1 }
        let spent = Self.cpuNanoseconds() - start
        precondition(accepted == iterations, "a contender refused a valid message")
        nanoseconds.append(spent / Double(iterations))
    }

    /// CPU time of this thread: on a shared machine, time in which others ran does not count.
    static func cpuNanoseconds() -> Double {
        var time = timespec()
        // Proof: the call writes the value that is passed and keeps no pointer.
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}
