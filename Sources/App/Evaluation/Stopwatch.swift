/// How long predictions and updates took.
struct Stopwatch {
    private let clock = ContinuousClock()
    private var nanoseconds: [[Int]] = [[], []]

    /// Runs and times a prediction.
    mutating func predict<Value>(_ body: () -> Value) -> Value { time(0, body) }

    /// Runs and times an update.
    mutating func update(_ body: () -> Void) { time(1, body) }

    var predictMedian: Int { median(0) }
    var updateMedian: Int { median(1) }

    private mutating func time<Value>(_ kind: Int, _ body: () -> Value) -> Value {
        let start = clock.now
        let value = body()
        let (seconds, attoseconds) = (clock.now - start).components
        nanoseconds[kind].append(Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000))
        return value
    }

    private func median(_ kind: Int) -> Int {
        nanoseconds[kind].isEmpty ? 0 : nanoseconds[kind].sorted()[nanoseconds[kind].count / 2]
    }
}
