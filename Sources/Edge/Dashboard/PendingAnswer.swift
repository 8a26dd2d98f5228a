import Sessions
import Synchronization

/// An exchange that waits for values from elsewhere in the gateway; it is answered once, on its loop.
final class PendingAnswer: Sendable {
    /// How long the gateway's other parts may take.
    static let patience = Duration.seconds(10)
    /// How long what reads or writes a whole store may take.
    static let longPatience = Duration.seconds(3600)

    private enum State: Sendable {
        case waiting((any ScheduledWork)?)
        case answered
    }

    private let exchange: LoopBound<any HTTPExchange>
    private let state = Mutex(State.waiting(nil))

    /// Called on the exchange's loop.
    init(_ exchange: any HTTPExchange, patience: Duration = PendingAnswer.patience) {
        self.exchange = LoopBound(exchange, on: exchange.loop)
        let deadline = exchange.loop.schedule(after: patience) { [self] in
            finish(AdminAnswer.error(503, "timeout", "the gateway is too busy to answer this; try again"))
        }
        state.withLock { $0 = .waiting(deadline) }
    }

    /// Answers, unless that has happened already. Called on any thread.
    func finish(_ answer: HTTPAnswer) {
        let before = state.withLock { state in
            defer { state = .answered }
            return state
        }
        guard case .waiting(let deadline) = before else { return }
        deadline?.cancel()
        exchange.use { $0.answer(answer) }
    }
}
