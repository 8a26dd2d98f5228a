import Foundation
import Synchronization

/// Runs `body` on so many threads of their own at once, with their numbers, and returns what each made of it.
///
/// Unlike tasks they all run, however many there are and whatever they wait for.
public func onThreads<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Result
) -> [Result] {
    let results = ThreadResults<Result>()
    let threads = (0..<count).map { index in
        Thread {
            results.add(index, body(index))
        }
    }
    for thread in threads { thread.start() }
    return results.wait(for: count)
}

private final class ThreadResults<Result: Sendable>: Sendable {
    private let results = Mutex<[Int: Result]>([:])
    private let isReady = DispatchSemaphore(value: 0)

    func add(_ index: Int, _ result: Result) {
        results.withLock { $0[index] = result }
        isReady.signal()
    }

    func wait(for count: Int) -> [Result] {
        for _ in 0..<count { isReady.wait() }
        return results.withLock { results in (0..<count).compactMap { results[$0] } }
    }
}
