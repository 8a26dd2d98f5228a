import Dispatch
import Storage
import Synchronization

/// Lets any number of writers in, or one that needs to be alone.
final class WriteGate: Sendable {
    private struct State {
        var writers = 0
        var isClosed = false
        var waiting: [DispatchSemaphore] = []
    }

    private let state = Mutex(State())
    /// Signalled by the last writer that leaves a closed gate.
    private let isEmpty = DispatchSemaphore(value: 0)

    /// Waits while somebody is alone inside.
    func sharing<Result>(_ body: () throws(StorageError) -> Result) throws(StorageError) -> Result {
        enter()
        defer { leave() }
        return try body()
    }

    /// Waits for the writers inside, and holds up the others; for one thread at a time.
    func alone<Result>(_ body: () throws(StorageError) -> Result) throws(StorageError) -> Result {
        let isBusy = state.withLock { state in
            state.isClosed = true
            return state.writers > 0
        }
        if isBusy { isEmpty.wait() }
        defer {
            let waiting = state.withLock { state in
                state.isClosed = false
                defer { state.waiting = [] }
                return state.waiting
            }
            for writer in waiting { writer.signal() }
        }
        return try body()
    }

    private func enter() {
        while true {
            let isOpen = state.withLock { state -> DispatchSemaphore? in
                guard state.isClosed else {
                    state.writers += 1
                    return nil
                }
                let isOpen = DispatchSemaphore(value: 0)
                state.waiting.append(isOpen)
                return isOpen
            }
            guard let isOpen else { return }
            isOpen.wait()
        }
    }

    private func leave() {
        let isLast = state.withLock { state in
            state.writers -= 1
            return state.isClosed && state.writers == 0
        }
        if isLast { isEmpty.signal() }
    }
}
