import Dispatch
import Foundation
import Storage
import Synchronization

/// Looks every second whether there is a newer data key, and seals the values of earlier ones with it, on a
/// thread of its own; it ends with its store.
public final class Resealer: Sendable {
    /// Between two looks, and after a failure.
    private static let period = DispatchTimeInterval.seconds(1)
    /// Between two steps, in which writers get on.
    private static let pause = DispatchTimeInterval.milliseconds(5)

    private let wake = DispatchSemaphore(value: 0)
    /// Held while a step is made.
    private let isEnded = Mutex(false)

    public init(_ store: SealedStore) {
        Thread.detachNewThread { [weak store, weak self] in
            Thread.current.name = "attune-reseal"
            while let pause = self?.turn(store) {
                guard let wake = self?.wake else { return }
                _ = wake.wait(timeout: .now() + pause)
            }
        }
    }

    deinit { stop() }

    /// Ends the thread, and waits for the step that it may be at.
    public func stop() {
        isEnded.withLock { $0 = true }
        wake.signal()
    }

    /// - Returns: how long to pause; nil when it has ended.
    private func turn(_ store: SealedStore?) -> DispatchTimeInterval? {
        guard let store else { return nil }
        return isEnded.withLock { isEnded in
            guard !isEnded else { return nil }
            do throws(StorageError) {
                return try store.resealStep() ? Self.period : Self.pause
            } catch {
                return error == .closed ? nil : Self.period
            }
        }
    }
}
