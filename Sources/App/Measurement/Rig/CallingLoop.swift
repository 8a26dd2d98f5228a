import Sessions
import Synchronization

/// A loop of one thread: what is executed runs when `runDue` is called, and what is scheduled for later never
/// does.
final class CallingLoop: Loop {
    private struct NoTimer: ScheduledWork {
        func cancel() {}
    }

    private let due = Mutex<[@Sendable () -> Void]>([])

    var index: Int { 0 }
    var isCurrent: Bool { true }

    func execute(_ body: @escaping @Sendable () -> Void) { due.withLock { $0.append(body) } }

    func schedule(after delay: Duration, _ body: @escaping @Sendable () -> Void) -> any ScheduledWork {
        NoTimer()
    }

    /// - Returns: whether there was anything to run.
    func runDue() -> Bool {
        let bodies = due.withLock { due in
            defer { due = [] }
            return due
        }
        for body in bodies { body() }
        return !bodies.isEmpty
    }
}
