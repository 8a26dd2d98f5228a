/// What one run came to, in values a second, and bytes on disk for each value.
struct Outcome {
    var durable = 0.0
    var relaxed = 0.0
    var reads = 0.0
    var scanned = 0.0
    var bytes = 0.0

    /// Of several runs, each figure for itself.
    static func median(_ outcomes: [Outcome]) -> Outcome {
        func middle(_ path: KeyPath<Outcome, Double>) -> Double {
            outcomes.map { $0[keyPath: path] }.sorted()[outcomes.count / 2]
        }
        return Outcome(
            durable: middle(\.durable), relaxed: middle(\.relaxed), reads: middle(\.reads),
            scanned: middle(\.scanned), bytes: middle(\.bytes))
    }
}
