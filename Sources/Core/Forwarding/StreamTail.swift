import Sessions

/// Closes an event stream whose answer has come: servers end such streams at once, and one that does not must
/// not hold a connection.
enum StreamTail {
    static let milliseconds = 1_000

    /// - Returns: what to cancel when the stream ends by itself.
    @discardableResult
    static func end(_ exchange: any UpstreamExchange, on loop: LoopGateway) -> any ScheduledWork {
        let held = Held(exchange)
        return loop.loop.schedule(after: .milliseconds(milliseconds)) { held.exchange.cancel() }
    }

    private final class Held: @unchecked Sendable {
        // Proof of Sendable: used on the loop of the exchange alone, which is where the timer runs.
        let exchange: any UpstreamExchange

        init(_ exchange: any UpstreamExchange) { self.exchange = exchange }
    }
}
