import Dispatch
import Synchronization

/// The thread's side of a commit queue: what waits, and how it is taken in groups.
final class GroupWriter: Sendable {
    struct Request: Sendable {
        var batch: WriteBatch
        var durability: Durability
        /// True if nobody waits for the answer: what the same thread writes next must come behind it.
        var isSubmitted: Bool
        var answer: CommitQueue.Answer
    }

    private struct State {
        var requests: [Request] = []
        var bytes = 0
        /// Batches that were submitted and not answered yet.
        var submitted = 0
        /// Writers that write to the store themselves now.
        var direct = 0
        var isEnded = false
        /// True while the thread waits, or is about to, until it is signalled once.
        var isIdle = false
        /// Writers that wait for room: as many as there are threads in `addWaiting`.
        var blocked: [DispatchSemaphore] = []
    }

    private enum Step {
        case group([Request])
        case idle, end
    }

    private let store: any OrderedStore
    private let limits: CommitLimits
    private let state = Mutex(State())
    /// Signalled when a request or the end comes while the thread is idle.
    private let hasWork = DispatchSemaphore(value: 0)

    init(_ store: any OrderedStore, _ limits: CommitLimits) {
        self.store = store
        self.limits = limits
    }

    var waiting: Int { state.withLock { $0.requests.count } }

    func add(_ request: Request) throws(StorageError) {
        try StorageLimits.check(request.batch)
        try state.withLock { state throws(StorageError) in
            guard try place(request, &state) else {
                throw .queueFull(waiting: state.requests.count)
            }
        }
    }

    /// Writes to the store itself, unless batches were submitted and are not in it yet.
    ///
    /// The store groups what comes at once by itself, and no thread has to hand over to another.
    /// - Returns: false if nothing was done.
    func writeDirectly(_ batch: WriteBatch, _ durability: Durability) throws(StorageError) -> Bool {
        let isFree = try state.withLock { state throws(StorageError) in
            guard !state.isEnded else { throw .closed }
            guard state.submitted == 0 else { return false }
            state.direct += 1
            return true
        }
        guard isFree else { return false }
        defer {
            state.withLock { state in
                state.direct -= 1
                if state.isEnded, state.direct == 0 { wake(&state) }
            }
        }
        try store.write(batch, durability)
        return true
    }

    func addWaiting(_ request: Request) throws(StorageError) {
        try StorageLimits.check(request.batch)
        let hasRoom = DispatchSemaphore(value: 0)
        while true {
            let isPlaced = try state.withLock { state throws(StorageError) in
                if try place(request, &state) { return true }
                state.blocked.append(hasRoom)
                return false
            }
            if isPlaced { return }
            hasRoom.wait()
        }
    }

    func end() {
        let blocked = state.withLock { state in
            state.isEnded = true
            wake(&state)
            defer { state.blocked = [] }
            return state.blocked
        }
        for writer in blocked { writer.signal() }
    }

    /// Writes groups until it was ended and nothing is left.
    func run() {
        while true {
            switch next() {
            case .group(let group): write(group)
            case .idle: hasWork.wait()
            case .end: return
            }
        }
    }

    /// False if there is no room; an empty queue has room for a batch of any size.
    private func place(_ request: Request, _ state: inout State) throws(StorageError) -> Bool {
        guard !state.isEnded else { throw .closed }
        let count = state.requests.count
        let hasRoom =
            count < limits.waiting && state.bytes + request.batch.bytes <= limits.waitingBytes
        guard hasRoom || count == 0 else { return false }
        state.requests.append(request)
        state.bytes += request.batch.bytes
        if request.isSubmitted { state.submitted += 1 }
        wake(&state)
        return true
    }

    private func wake(_ state: inout State) {
        guard state.isIdle else { return }
        state.isIdle = false
        hasWork.signal()
    }

    private func next() -> Step {
        let (step, blocked) = state.withLock { state -> (Step, [DispatchSemaphore]) in
            guard !state.requests.isEmpty else {
                let isOver = state.isEnded && state.direct == 0
                state.isIdle = !isOver
                return (isOver ? .end : .idle, [])
            }
            let group = takeGroup(&state)
            defer { state.blocked = [] }
            return (.group(group), state.blocked)
        }
        for writer in blocked { writer.signal() }
        return step
    }

    /// As many of the first as fit into a group, and one at least.
    private func takeGroup(_ state: inout State) -> [Request] {
        var end = 0
        var operations = 0
        var bytes = 0
        while end < state.requests.count {
            operations += state.requests[end].batch.operations.count
            bytes += state.requests[end].batch.bytes
            let fits = operations <= limits.groupOperations && bytes <= limits.groupBytes
            guard fits || end == 0 else { break }
            state.bytes -= state.requests[end].batch.bytes
            end += 1
        }
        let group = Array(state.requests.prefix(end))
        state.requests.removeFirst(end)
        return group
    }

    private func write(_ group: [Request]) {
        var merged = WriteBatch()
        for request in group { merged.append(request.batch) }
        let isDurable = group.contains { $0.durability == .durable }
        switch attempt(merged, isDurable ? .durable : .relaxed) {
        case .failure(let error) where error.isRefusal && group.count > 1:
            // One of them was wrong, and is to be refused alone.
            for request in group { request.answer(attempt(request.batch, request.durability)) }
        case let outcome:
            for request in group { request.answer(outcome) }
        }
        let submitted = group.count(where: \.isSubmitted)
        if submitted > 0 { state.withLock { $0.submitted -= submitted } }
    }

    private func attempt(_ batch: WriteBatch, _ durability: Durability) -> Result<Void, StorageError> {
        do throws(StorageError) {
            try Failpoint.groupGathered.reach()
            try store.write(batch, durability)
            Failpoint.groupWritten.pass()
            return .success(())
        } catch {
            return .failure(error)
        }
    }
}
