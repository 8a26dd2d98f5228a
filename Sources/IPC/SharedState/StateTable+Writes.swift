import Identifiers

extension StateTable {
    /// Gives a key a value, whether or not it has one, and returns its version.
    ///
    /// - Parameters:
    ///   - expiry: from when on the entry counts as absent.
    ///   - isPinned: whether it may never be evicted.
    @inlinable @discardableResult
    public func set(
        _ key: some StateKey, _ value: RawSpan, expiry: MonotonicTime? = nil, isPinned: Bool = false,
        now: MonotonicTime? = nil
    ) throws(StateWriteError) -> UInt64 {
        try key.withEntryKey(seed: view.seed) { set($0, value, expiry, isPinned, now) }.get()
    }

    @inlinable @discardableResult
    public func set(
        _ key: some StateKey, _ value: [UInt8], expiry: MonotonicTime? = nil, isPinned: Bool = false,
        now: MonotonicTime? = nil
    ) throws(StateWriteError) -> UInt64 {
        unsafe try set(key, value.span.bytes, expiry: expiry, isPinned: isPinned, now: now)
    }

    /// Gives a key a value if the version of its entry is `expected`; 0 stands for a key that has none.
    @inlinable
    public func compareAndSwap(
        _ key: some StateKey, expected: UInt64, _ value: RawSpan, expiry: MonotonicTime? = nil,
        isPinned: Bool = false, now: MonotonicTime? = nil
    ) throws(StateWriteError) -> CompareAndSwap {
        try key.withEntryKey(seed: view.seed) { compareAndSwap($0, expected, value, expiry, isPinned, now) }
            .get()
    }

    @inlinable
    public func compareAndSwap(
        _ key: some StateKey, expected: UInt64, _ value: [UInt8], expiry: MonotonicTime? = nil,
        isPinned: Bool = false, now: MonotonicTime? = nil
    ) throws(StateWriteError) -> CompareAndSwap {
        unsafe try compareAndSwap(
            key, expected: expected, value.span.bytes, expiry: expiry, isPinned: isPinned, now: now)
    }

    /// Adds to the counter of a key, which begins at 0, and returns the sum; it wraps around.
    ///
    /// - Parameters:
    ///   - expiry: of a counter that begins; one that is there keeps its own.
    ///   - isPinned: likewise.
    @inlinable @discardableResult
    public func add(
        _ key: some StateKey, _ amount: Int64, expiry: MonotonicTime? = nil, isPinned: Bool = false,
        now: MonotonicTime? = nil
    ) throws(StateWriteError) -> Int64 {
        try key.withEntryKey(seed: view.seed) { add($0, amount, expiry, isPinned, now) }.get()
    }

    /// Takes the entry of a key out, if `expected` is its version or `nil`; returns whether there was one.
    @inlinable @discardableResult
    public func remove(_ key: some StateKey, expected: UInt64? = nil, now: MonotonicTime? = nil) -> Bool {
        key.withEntryKey(seed: view.seed) { remove($0, expected, now) }
    }

    /// Discards what has expired among the next `slots` slots of each shard, and returns how many.
    ///
    /// Entries that have expired are absent anyway; this gives their memory back before others need it.
    @discardableResult
    public func sweep(slots: Int = 256, now: MonotonicTime? = nil) -> Int {
        (0..<shards.count).reduce(0) { removed, shard in
            removed + shards.withLock(shard) { $0.sweep(slots: slots, now: now) }
        }
    }

    // MARK: Not generic, so that it is compiled once

    @usableFromInline
    func set(
        _ key: EntryKey, _ value: RawSpan, _ expiry: MonotonicTime?, _ isPinned: Bool, _ now: MonotonicTime?
    ) -> Result<UInt64, StateWriteError> {
        write(key, value, expiry, isPinned) { shard, value throws(StateWriteError) in
            try shard.set(key, value, now: now)
        }
    }

    @usableFromInline
    func compareAndSwap(
        _ key: EntryKey, _ expected: UInt64, _ value: RawSpan, _ expiry: MonotonicTime?, _ isPinned: Bool,
        _ now: MonotonicTime?
    ) -> Result<CompareAndSwap, StateWriteError> {
        write(key, value, expiry, isPinned) { shard, value throws(StateWriteError) in
            try shard.compareAndSwap(key, expected: expected, value, now: now)
        }
    }

    @usableFromInline
    func add(
        _ key: EntryKey, _ amount: Int64, _ expiry: MonotonicTime?, _ isPinned: Bool, _ now: MonotonicTime?
    ) -> Result<Int64, StateWriteError> {
        write(key, RawSpan(), expiry, isPinned) { shard, value throws(StateWriteError) in
            try shard.add(key, amount, value, now: now)
        }
    }

    @usableFromInline
    func remove(_ key: EntryKey, _ expected: UInt64?, _ now: MonotonicTime?) -> Bool {
        shards.withLock(shard(key)) { $0.remove(key, expected: expected, now: now) }
    }

    @inline(__always)
    private func write<Success>(
        _ key: EntryKey, _ value: RawSpan, _ expiry: MonotonicTime?, _ isPinned: Bool,
        _ body: (inout Shard, NewValue) throws(StateWriteError) -> Success
    ) -> Result<Success, StateWriteError> {
        guard value.byteCount <= plan.mostValueBytes else {
            return .failure(.valueTooLong(bytes: value.byteCount, most: plan.mostValueBytes))
        }
        if let bytes = unsafe key.bytes, bytes.count > StateTablePlan.mostKeyBytes {
            return .failure(.keyTooLong(bytes: bytes.count, most: StateTablePlan.mostKeyBytes))
        }
        // An expiry of 0 would be none.
        let expiry = expiry.map { max(1, $0.nanoseconds) } ?? 0
        return unsafe value.withUnsafeBytes { bytes in
            let value = unsafe NewValue(bytes: bytes, expiry: expiry, isPinned: isPinned)
            do throws(StateWriteError) {
                return .success(
                    try shards.withLock(shard(key)) { shard throws(StateWriteError) in try body(&shard, value)
                    })
            } catch {
                return .failure(error)
            }
        }
    }
}
