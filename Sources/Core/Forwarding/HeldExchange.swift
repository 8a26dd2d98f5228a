import Sessions

/// Carries an exchange through work that comes back to the exchange's loop.
final class HeldExchange: @unchecked Sendable {
    // Proof of Sendable: the exchange is used on its own loop alone; whoever holds this only carries it
    // there.
    let exchange: any HTTPExchange

    init(_ exchange: any HTTPExchange) { self.exchange = exchange }
}
