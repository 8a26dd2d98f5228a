import Dispatch
import Synchronization

/// What a keeper and the users of its store share: the store that is open now, and what is known of it.
final class Keeping: Sendable {
    struct Opened: Sendable {
        var store: any OrderedStore
        /// Which opening it is of.
        var number: UInt64
    }

    private struct State {
        var opened: Opened?
        /// Stores that failed and are to be closed by the keeper's thread.
        var failed: [any OrderedStore] = []
        var status: StoreStatus
    }

    let families: [Family]
    /// Signalled when the keeper's thread has something to do.
    let bell = DispatchSemaphore(value: 0)
    private let wallMicroseconds: @Sendable () -> UInt64
    private let tell: @Sendable (StoreEvent) -> Void
    private let state: Mutex<State>

    init(
        _ families: [Family], wallMicroseconds: @escaping @Sendable () -> UInt64,
        tell: @escaping @Sendable (StoreEvent) -> Void
    ) {
        self.families = families
        self.wallMicroseconds = wallMicroseconds
        self.tell = tell
        state = Mutex(State(status: StoreStatus(sinceMicroseconds: wallMicroseconds())))
    }

    var status: StoreStatus { state.withLock { $0.status } }

    /// - Throws: why there is none.
    func opened() throws(StorageError) -> Opened {
        try state.withLock { state throws(StorageError) in
            guard let opened = state.opened else { throw state.status.fault ?? .closed }
            return opened
        }
    }

    /// Takes the report of a failed write; that of an opening that is over is no news, unless it tells the
    /// cause of what was reported as `stopped` by another user, whose write came after the one that failed.
    func failed(_ error: StorageError, _ number: UInt64) {
        guard !error.isRefusal else { return }
        let now = wallMicroseconds()
        let isNews = state.withLock { state in
            if let opened = state.opened, opened.number == number {
                state.opened = nil
                state.failed.append(opened.store)
                return Self.note(error, now, in: &state.status)
            }
            if state.status.fault == .stopped, state.status.openings == number { state.status.fault = error }
            return false
        }
        if isNews { tell(.failed(error)) }
        bell.signal()
    }

    func note(fault: StorageError) {
        let now = wallMicroseconds()
        if state.withLock({ Self.note(fault, now, in: &$0.status) }) { tell(.failed(fault)) }
    }

    /// - Returns: whether all was well until now.
    private static func note(_ fault: StorageError, _ now: UInt64, in status: inout StoreStatus) -> Bool {
        let isNews = status.fault == nil
        if isNews { status.sinceMicroseconds = now }
        status.fault = fault
        status.isOpen = false
        return isNews
    }

    func note(opened store: any OrderedStore) {
        let now = wallMicroseconds()
        let hadFailed = state.withLock { state in
            let hadFailed = state.status.fault != nil
            state.status.openings += 1
            state.status.fault = nil
            state.status.isOpen = true
            state.status.sinceMicroseconds = now
            state.opened = Opened(store: store, number: state.status.openings)
            return hadFailed
        }
        if hadFailed { tell(.recovered) }
    }

    func note(checkpoint result: Result<Void, StorageError>) {
        switch result {
        case .success: state.withLock { $0.status.checkpoints += 1 }
        case .failure(let error): tell(.noCheckpoint(error))
        }
    }

    func takeFailed() -> [any OrderedStore] {
        state.withLock { state in
            defer { state.failed = [] }
            return state.failed
        }
    }

    /// The store, which nobody gets any more.
    func takeLast() -> (any OrderedStore)? {
        state.withLock { state in
            state.status.isOpen = false
            defer { state.opened = nil }
            return state.opened?.store
        }
    }
}
