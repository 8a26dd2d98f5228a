import Synchronization

/// The disk under a store in memory: the bytes of a log, of which the synced ones outlive a crash of the
/// machine, with faults that a test declares.
///
/// It outlives the store, as a disk outlives a process.
public final class MemoryDisk: Sendable {
    private struct State {
        var log: [UInt8] = []
        var syncedBytes = 0
        var operations = 0
        var faults: [Int: DiskFault] = [:]
        var isKilled = false
    }

    public let capacityBytes: Int
    private let state = Mutex(State())

    public init(capacityBytes: Int = 1 << 30) { self.capacityBytes = capacityBytes }

    /// How many operations were asked for until now.
    public var operations: Int { state.withLock { $0.operations } }
    public var bytes: Int { state.withLock { $0.log.count } }
    public var unsyncedBytes: Int { state.withLock { $0.log.count - $0.syncedBytes } }

    /// Lets the operation with a number, counted from 1 over the disk's life, fail.
    public func fail(operation: Int, _ fault: DiskFault) {
        state.withLock { $0.faults[operation] = fault }
    }

    /// The machine crashes and starts again: of the bytes that were not synced the first so many are left.
    public func restart(keepingUnsynced kept: Int = 0) {
        state.withLock { state in
            let unsynced = state.log.count - state.syncedBytes
            state.log.removeLast(unsynced - min(max(kept, 0), unsynced))
            state.syncedBytes = state.log.count
            state.isKilled = false
            state.faults = [:]
        }
    }

    /// Damages the byte at an offset, which is brought into the log.
    public func flip(bits: UInt8, at offset: Int) {
        state.withLock { state in
            guard !state.log.isEmpty else { return }
            state.log[offset % state.log.count] ^= bits
        }
    }

    func read() throws(StorageError) -> [UInt8] {
        try perform(.read) { state throws(StorageError) in state.log }
    }

    func append(_ bytes: [UInt8]) throws(StorageError) {
        try perform(.write, written: bytes) { [capacityBytes] state throws(StorageError) in
            let free = capacityBytes - state.log.count
            state.log += bytes.prefix(free)
            if bytes.count > free { throw .noSpace(.write) }
        }
    }

    func truncate(to length: Int) throws(StorageError) {
        try perform(.write) { state throws(StorageError) in
            state.log.removeLast(max(0, state.log.count - length))
            state.syncedBytes = min(state.syncedBytes, state.log.count)
        }
    }

    func sync() throws(StorageError) {
        try perform(.sync) { state throws(StorageError) in state.syncedBytes = state.log.count }
    }

    /// Puts another log in the place of this one, durably and at once, as a rename does.
    func replace(with log: [UInt8]) throws(StorageError) {
        try perform(.compact) { [capacityBytes] state throws(StorageError) in
            guard log.count + state.log.count <= capacityBytes else { throw .noSpace(.compact) }
            state.log = log
            state.syncedBytes = log.count
        }
    }

    private func perform<Result: Sendable>(
        _ activity: StorageError.Activity, written: [UInt8] = [],
        _ body: (inout State) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        try state.withLock { state throws(StorageError) in
            state.operations += 1
            let fault = state.faults.removeValue(forKey: state.operations)
            if fault == .kill { state.isKilled = true }
            guard !state.isKilled else { throw .closed }
            switch fault {
            case .shortWrite(let count):
                state.log += written.prefix(min(max(count, 0), capacityBytes - state.log.count))
                throw .inputOutput(activity, detail: "\(count) of \(written.count) bytes were written")
            case .noSpace: throw .noSpace(activity)
            case .inputOutput: throw .inputOutput(activity, detail: "the device failed")
            case .kill, nil: return try body(&state)
            }
        }
    }
}
