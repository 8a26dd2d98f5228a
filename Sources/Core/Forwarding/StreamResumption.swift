/// What it takes to go on with a legacy server's event stream that ended ahead of the answer: the last
/// event's id, and the pause that the server asked for (2025-11-25, basic/transports, "Resumability and
/// Redelivery").
struct StreamResumption {
    /// A server may let its client poll for as long as a call may take.
    static let maxAttempts = 1_000
    /// Connections in a row that brought nothing.
    static let maxFailures = 6
    private static let usualMilliseconds = 1_000
    private static let shortestMilliseconds = 50
    private static let longestMilliseconds = 60_000

    private var lastEventID: String?
    private var retryMilliseconds: Int?
    private var attempts = 0
    private var failures = 0

    /// An event came; one without an id leaves the last one in force.
    mutating func saw(_ eventID: String?) {
        failures = 0
        if let eventID, !eventID.isEmpty { lastEventID = eventID }
    }

    mutating func wants(pause milliseconds: Int) { retryMilliseconds = milliseconds }

    /// How the stream goes on after it ended; nil if it can't.
    /// - Parameter failed: whether the connection broke, rather than being closed by the server.
    mutating func next(failed: Bool) -> (lastEventID: String, milliseconds: Int)? {
        if failed { failures += 1 }
        attempts += 1
        guard let lastEventID, attempts <= Self.maxAttempts, failures <= Self.maxFailures else { return nil }
        let asked = retryMilliseconds ?? Self.usualMilliseconds
        let pause = min(max(asked, Self.shortestMilliseconds), Self.longestMilliseconds)
        return (lastEventID, pause)
    }
}
