import CSharedMemory
import Identifiers
import SharedMemory

/// What a bounded number of tries found.
@usableFromInline
enum ReadAttempt<Result> {
    case found(Result)
    case absent
    /// The entry, or its chain, changed at every try, or its writer was killed.
    case busy
}

/// What one look at one slot found.
@usableFromInline
enum SlotLook<Result> {
    case found(Result)
    case expired
    case otherKey
    case changed
}

extension StateTableView {
    /// Finds the entry of a key and calls `use` with its slot's number, its value and its version.
    ///
    /// That there is none is believed only if the bucket's word, which counts the changes of its chain, is
    /// the same before and after.
    @inlinable @inline(__always)
    func attempt<Result>(
        _ key: EntryKey, _ now: MonotonicTime?, _ use: (UInt64, UnsafeRawBufferPointer, UInt64) -> Result
    ) -> ReadAttempt<Result> {
        let bucket = unsafe buckets.word(at: Int(truncatingIfNeeded: key.hash &>> bucketShift) &* 8)
        for _ in 0..<Self.mostTries {
            let before = bucket.loadAcquiring()
            var link = before & 0xFFFF_FFFF
            var steps = 0
            chain: while link != 0, link <= slotCount, steps < StateTablePlan.longestChain {
                let slot = unsafe Slot(slots + Int(truncatingIfNeeded: link &- 1) &* Slot.bytes)
                if slot.hash.load() == key.hash {
                    switch unsafe look(slot, link &- 1, key, now, use) {
                    case .found(let result): return .found(result)
                    case .expired: return .absent
                    case .changed: break chain
                    case .otherKey: break
                    }
                }
                link = slot.next.load()
                steps &+= 1
            }
            SharedFence.beforeChecking()
            if link == 0, bucket.load() == before { return .absent }
            cshared_pause()
        }
        return .busy
    }

    /// Reads one slot whose hash is the key's, between two readings of its version.
    @inlinable @inline(__always)
    func look<Result>(
        _ slot: Slot, _ number: UInt64, _ key: EntryKey, _ now: MonotonicTime?,
        _ use: (UInt64, UnsafeRawBufferPointer, UInt64) -> Result
    ) -> SlotLook<Result> {
        let version = slot.version.loadAcquiring()
        guard version & 1 == 0 else { return .changed }
        let shape = SlotShape(rawValue: slot.shape.load())
        guard let start = unsafe start(slot, shape), unsafe matches(start, slot, shape, key) else {
            return isUnchanged(slot, version) ? .otherKey : .changed
        }
        let expiry = slot.expiry.load()
        if expiry != 0, (now ?? TableClock.now).nanoseconds >= expiry {
            return isUnchanged(slot, version) ? .expired : .changed
        }
        let value = unsafe UnsafeRawBufferPointer(
            start: start + shape.valueOffset, count: shape.valueBytes)
        let result = unsafe use(number, value, version)
        return isUnchanged(slot, version) ? .found(result) : .changed
    }

    @inlinable @inline(__always)
    func isUnchanged(_ slot: Slot, _ version: UInt64) -> Bool {
        SharedFence.beforeChecking()
        return slot.version.load() == version
    }

    /// Where the key's bytes and behind them the value begin; `nil` if they are not within the section.
    ///
    /// The place is read once, so that what was checked is what is used.
    @inlinable @inline(__always)
    func start(_ slot: Slot, _ shape: SlotShape) -> UnsafeRawPointer? {
        let block = slot.block.load()
        guard shape.valueBytes <= StateTablePlan.mostBytes else { return nil }
        if block == 0 {
            guard shape.valueBytes <= 8, shape.keyBytes == 0 else { return nil }
            return unsafe slot.address + Slot.inlineOffset
        }
        guard block >= UInt64(valuesOffset), block <= UInt64(byteCount), block & 7 == 0,
            shape.valueOffset &+ shape.valueBytes <= byteCount &- Int(block)
        else { return nil }
        return unsafe base + Int(block)
    }

    /// Compares the key with the one in the slot, or in front of the value at `start`.
    @inlinable @inline(__always)
    func matches(_ start: UnsafeRawPointer, _ slot: Slot, _ shape: SlotShape, _ key: EntryKey) -> Bool {
        guard let bytes = unsafe key.bytes else {
            return shape.kind == Slot.kindWord && slot.key.load() == key.word
        }
        guard shape.kind == Slot.kindBytes, shape.keyBytes == bytes.count else { return false }
        guard let wanted = bytes.baseAddress, unsafe !bytes.isEmpty else { return true }
        return unsafe cshared_equal_racing(start, wanted, bytes.count)
    }
}
