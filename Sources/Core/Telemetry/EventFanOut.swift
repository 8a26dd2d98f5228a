import Synchronization

/// Passes events to those who watch, such as the dashboard's event streams.
///
/// Publishing costs one relaxed load while nobody watches. Subscribers are called on the publisher's thread,
/// one after the other, and must neither block nor publish.
package final class EventFanOut: Sendable {
    package struct Subscription: Sendable, Hashable {
        fileprivate let number: UInt64
    }

    /// The most subscribers at a time.
    package static let subscriberLimit = 64

    private struct State {
        var next: UInt64 = 0
        var subscribers: [Subscription: @Sendable (TelemetryEvent) -> Void] = [:]
    }

    private let state = Mutex(State())
    /// Relaxed on both sides: a publisher that misses a subscriber by a moment only starts it a moment later.
    private let count = Atomic<Int>(0)

    package init() {}

    package var isWatched: Bool { count.load(ordering: .relaxed) > 0 }

    /// - Returns: nil when there are too many subscribers already.
    package func subscribe(_ body: @escaping @Sendable (TelemetryEvent) -> Void) -> Subscription? {
        state.withLock { state in
            guard state.subscribers.count < Self.subscriberLimit else { return nil }
            let subscription = Subscription(number: state.next)
            state.next += 1
            state.subscribers[subscription] = body
            count.store(state.subscribers.count, ordering: .relaxed)
            return subscription
        }
    }

    package func cancel(_ subscription: Subscription) {
        state.withLock { state in
            state.subscribers[subscription] = nil
            count.store(state.subscribers.count, ordering: .relaxed)
        }
    }

    package func publish(_ event: @autoclosure () -> TelemetryEvent) {
        guard isWatched else { return }
        let bodies = state.withLock { Array($0.subscribers.values) }
        let event = event()
        for body in bodies { body(event) }
    }
}
