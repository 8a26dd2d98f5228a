import Identifiers

extension StateTable {
    /// Gives a key a value, whether or not it has one, and returns its version.
    ///
    /// - Parameters:
    ///   - expiry: from when on the entry counts as absent.
    ///   - isPinned: whether it may never be evicted.
    @discardableResult
    public func set(
        _ key: some StateKey, _ value: RawSpan, expiry: MonotonicTime? = nil, isPinned: Bool = false,
        now: MonotonicTime? = nil
    ) throws(StateWriteError) -> UInt64 {
        try write(key, value, expiry, isPinned) { shard, key, value throws(StateWriteError) in
            try shard.set(key, value, now: now ?? TableClock.now)
        }
    }

    @discardableResult
    public func set(
        _ key: some StateKey, _ value: [UInt8], expiry: MonotonicTime? = nil, isPinned: Bool = false,
        now: MonotonicTime? = nil
    ) throws(StateWriteError) -> UInt64 {
        unsafe try set(key, value.span.bytes, expiry: expiry, isPinned: isPinned, now: now)
    }

    /// Gives a key a value if the version of its entry is `expected`; 0 stands for a key that has none.
    public func compareAndSwap(
        _ key: some StateKey, expected: UInt64, _ value: RawSpan, expiry: MonotonicTime? = nil,
        isPinned: Bool = false, now: MonotonicTime? = nil
    ) throws(StateWriteError) -> CompareAndSwap {
        try write(key, value, expiry, isPinned) { shard, key, value throws(StateWriteError) in
            try shard.compareAndSwap(key, expected: expected, value, now: now ?? TableClock.now)
        }
    }

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
    @discardableResult
    public func add(
        _ key: some StateKey, _ amount: Int64, expiry: MonotonicTime? = nil, isPinned: Bool = false,
        now: MonotonicTime? = nil
    ) throws(StateWriteError) -> Int64 {
        try write(key, RawSpan(), expiry, isPinned) { shard, key, value throws(StateWriteError) in
            try shard.add(key, amount, value, now: now ?? TableClock.now)
        }
    }

    /// Takes the entry of a key out, if `expected` is its version or `nil`; returns whether there was one.
    @discardableResult
    public func remove(_ key: some StateKey, expected: UInt64? = nil, now: MonotonicTime? = nil) -> Bool {
        key.withEntryKey(seed: view.seed) { key in
            shard(key).withLock { $0.remove(key, expected: expected, now: now ?? TableClock.now) }
        }
    }

    /// Discards what has expired among the next `slots` slots of each shard, and returns how many.
    ///
    /// Entries that have expired are absent anyway; this gives their memory back before others need it.
    @discardableResult
    public func sweep(slots: Int = 256, now: MonotonicTime? = nil) -> Int {
        shards.reduce(0) { removed, shard in
            removed + shard.withLock { $0.sweep(slots: slots, now: now ?? TableClock.now) }
        }
    }

    private func write<Result>(
        _ key: some StateKey, _ value: RawSpan, _ expiry: MonotonicTime?, _ isPinned: Bool,
        _ body: (inout Shard, EntryKey, NewValue) throws(StateWriteError) -> Result
    ) throws(StateWriteError) -> Result {
        guard value.byteCount <= plan.mostValueBytes else {
            throw .valueTooLong(bytes: value.byteCount, most: plan.mostValueBytes)
        }
        // An expiry of 0 would be none.
        let expiry = expiry.map { max(1, $0.nanoseconds) } ?? 0
        let outcome = unsafe value.withUnsafeBytes { bytes in
            let value = unsafe NewValue(bytes: bytes, expiry: expiry, isPinned: isPinned)
            return key.withEntryKey(seed: view.seed) { write($0, value, body) }
        }
        return try outcome.get()
    }

    private func write<Result>(
        _ key: EntryKey, _ value: NewValue,
        _ body: (inout Shard, EntryKey, NewValue) throws(StateWriteError) -> Result
    ) -> Swift.Result<Result, StateWriteError> {
        if let bytes = unsafe key.bytes, bytes.count > StateTablePlan.mostKeyBytes {
            return .failure(.keyTooLong(bytes: bytes.count, most: StateTablePlan.mostKeyBytes))
        }
        do throws(StateWriteError) {
            return .success(
                try shard(key).withLock { shard throws(StateWriteError) in try body(&shard, key, value) })
        } catch {
            return .failure(error)
        }
    }
}
