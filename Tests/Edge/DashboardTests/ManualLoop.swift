import Sessions
import Synchronization

/// A loop that runs what it is given when it is told to, in the order of the delays.
final class ManualLoop: Loop {
    private struct Entry: Sendable {
        var due: Duration
        var number: Int
        var body: @Sendable () -> Void
    }

    private struct State {
        var now = Duration.zero
        var number = 0
        var entries: [Entry] = []
    }

    private struct Work: ScheduledWork {
        let loop: ManualLoop
        let number: Int
        func cancel() { loop.state.withLock { $0.entries.removeAll { $0.number == number } } }
    }

    private let state = Mutex(State())

    var index: Int { 0 }
    var isCurrent: Bool { true }
    var waiting: Int { state.withLock { $0.entries.count } }

    func execute(_ body: @escaping @Sendable () -> Void) { _ = schedule(after: .zero, body) }

    func schedule(after delay: Duration, _ body: @escaping @Sendable () -> Void) -> any ScheduledWork {
        let number = state.withLock { state in
            state.number += 1
            state.entries.append(Entry(due: state.now + delay, number: state.number, body: body))
            return state.number
        }
        return Work(loop: self, number: number)
    }

    /// Lets time pass and runs what falls due.
    func advance(_ time: Duration) {
        let end = state.withLock { $0.now } + time
        while let entry = next(before: end) { entry.body() }
        state.withLock { $0.now = end }
    }

    private func next(before end: Duration) -> Entry? {
        state.withLock { state in
            let due = state.entries.filter { $0.due <= end }
            guard let first = due.min(by: { ($0.due, $0.number) < ($1.due, $1.number) }) else { return nil }
            state.entries.removeAll { $0.number == first.number }
            state.now = max(state.now, first.due)
            return first
        }
    }
}
