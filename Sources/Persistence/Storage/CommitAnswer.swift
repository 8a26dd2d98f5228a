import Dispatch
import Synchronization

/// What a writer that waits is told, once.
final class CommitAnswer: Sendable {
    private let outcome = Mutex<Result<Void, StorageError>>(.failure(.closed))
    private let isGiven = DispatchSemaphore(value: 0)

    func give(_ result: Result<Void, StorageError>) {
        outcome.withLock { $0 = result }
        isGiven.signal()
    }

    func wait() -> Result<Void, StorageError> {
        isGiven.wait()
        return outcome.withLock { $0 }
    }
}
