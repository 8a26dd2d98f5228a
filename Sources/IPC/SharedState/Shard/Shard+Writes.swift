import CSharedMemory
import Identifiers

/// Writes, each under the shard's lock.
extension Shard {
    /// Gives a key a value, whether or not it has one.
    mutating func set(
        _ key: EntryKey, _ value: NewValue, now: MonotonicTime?
    ) throws(StateWriteError) -> UInt64 {
        let (slot, steps) = find(key)
        if slot != SlotRecord.none { return try update(slot, key, value, now: now) }
        guard steps < StateTablePlan.longestChain else { throw refused() }
        prefetch(freeSlot)
        return try insert(key, value, now: now)
    }

    /// Gives a key a value if its version is the expected one; 0 stands for a key without an entry.
    mutating func compareAndSwap(
        _ key: EntryKey, expected: UInt64, _ value: NewValue, now: MonotonicTime?
    ) throws(StateWriteError) -> CompareAndSwap {
        let found = liveVersion(key, now)
        guard found == expected else { return .conflict(version: found) }
        return .swapped(version: try set(key, value, now: now))
    }

    /// Adds to a counter, which begins at 0.
    mutating func add(
        _ key: EntryKey, _ amount: Int64, _ start: NewValue, now: MonotonicTime?
    ) throws(StateWriteError) -> Int64 {
        let (number, _) = find(key)
        guard number != SlotRecord.none, !isExpired(number, now) else {
            var first = UInt64(bitPattern: amount).littleEndian
            var start = start
            try unsafe withUnsafeBytes(of: &first) { bytes throws(StateWriteError) in
                unsafe start.bytes = unsafe bytes
                _ = try set(key, start, now: now)
            }
            return amount
        }
        let slot = slot(number)
        let shape = SlotShape(rawValue: slot.shape.load())
        // The key and the owner's record, not the section, say where is written.
        let offset = unsafe SlotShape.valueOffset(keyBytes: key.bytes?.count ?? 0)
        let block = records[Int(number)].block
        guard shape.valueBytes == 8, block.isNone || offset + 8 <= block.shape.bytes
        else { throw .notACounter(bytes: shape.valueBytes) }
        let word = block.isNone ? slot.inline : unsafe base.word(at: blockOffset(number) + offset)
        let sum = Int64(bitPattern: UInt64(littleEndian: word.load())) &+ amount
        slot.beginWriting()
        word.store(UInt64(bitPattern: sum).littleEndian)
        slot.publish(nextVersion())
        hits.hit(tableIndex(number))
        statistics.writes.increase()
        return sum
    }

    /// Takes the entry of a key out, if its version is the expected one or none is expected.
    ///
    /// - Returns: whether there was one.
    mutating func remove(_ key: EntryKey, expected: UInt64?, now: MonotonicTime?) -> Bool {
        let (number, _) = find(key)
        guard number != SlotRecord.none else { return false }
        if let expected, slot(number).version.load() != expected { return false }
        let wasLive = !isExpired(number, now)
        discard(number)
        statistics.writes.increase()
        return wasLive
    }

    /// The version of a key's entry; 0 if there is none, or it has expired.
    private func liveVersion(_ key: EntryKey, _ now: MonotonicTime?) -> UInt64 {
        let (number, _) = find(key)
        guard number != SlotRecord.none, !isExpired(number, now) else { return 0 }
        return slot(number).version.load()
    }

    private func refused() -> StateWriteError {
        statistics.refusals.increase()
        return .full
    }

    // MARK: One entry

    private mutating func insert(
        _ key: EntryKey, _ value: NewValue, now: MonotonicTime?
    ) throws(StateWriteError) -> UInt64 {
        let form = ValueForm(key, value)
        let request = Request(
            block: form.block, isPinned: value.isPinned,
            pins: value.isPinned, needsSlot: true)
        guard let block = makeRoom(request, sparing: SlotRecord.none, now: now) else { throw refused() }
        if !block.isNone {
            prefetchBlock(at: firstPage + block.offset, bytes: form.shape.valueOffset + form.shape.valueBytes)
        }
        let number = takeSlot()
        settle(number, in: block)
        let slot = slot(number)
        slot.beginWriting()
        slot.hash.store(key.hash)
        slot.key.store(key.word)
        fill(number, form, key, value)
        let version = nextVersion()
        slot.publish(version)
        link(number)
        let charge = charge(of: number)
        records[Int(number)].charge = UInt32(charge)
        if value.isPinned {
            records[Int(number)].place = .pinned
            pinnedSlots += 1
            statistics.pinnedEntries.increase()
        } else {
            let isKnown = ghosts.take(key.hash, length: queues.main.count)
            queues.append(number, to: isKnown ? .main : .small, &records)
        }
        statistics.entries.increase()
        statistics.bytes.increase(by: charge)
        statistics.writes.increase()
        return version
    }

    /// Writes in place if the block fits; else into another, which is there before the old one is given up.
    private mutating func update(
        _ number: UInt32, _ key: EntryKey, _ value: NewValue, now: MonotonicTime?
    ) throws(StateWriteError) -> UInt64 {
        let form = ValueForm(key, value)
        let wasPinned = records[Int(number)].place == .pinned
        let slot = slot(number)
        if wasPinned == value.isPinned, form.block == records[Int(number)].block.shape {
            slot.beginWriting()
            fill(number, form, key, value)
        } else {
            let request = Request(
                block: form.block, isPinned: value.isPinned, pins: value.isPinned && !wasPinned,
                needsSlot: false)
            guard let block = makeRoom(request, sparing: number, now: now) else { throw refused() }
            slot.beginWriting()
            vacate(number)
            settle(number, in: block)
            fill(number, form, key, value)
            recharge(number)
            if wasPinned != value.isPinned { pin(number, value.isPinned) }
        }
        let version = nextVersion()
        slot.publish(version)
        hits.hit(tableIndex(number))
        statistics.writes.increase()
        return version
    }

    /// Writes what stands in the slot and in its block, but the hash and a 64-bit key.
    private func fill(_ number: UInt32, _ form: ValueForm, _ key: EntryKey, _ value: NewValue) {
        let slot = slot(number)
        slot.shape.store(form.shape.rawValue)
        slot.expiry.store(value.expiry)
        let block = blockOffset(number)
        slot.block.store(UInt64(block))
        let start = unsafe block == 0 ? slot.address + Slot.inlineOffset : base + block
        if let bytes = unsafe key.bytes, let from = bytes.baseAddress {
            unsafe cshared_copy_racing(start, from, bytes.count)
        }
        if let from = unsafe value.bytes.baseAddress {
            unsafe cshared_copy_racing(start + form.shape.valueOffset, from, value.bytes.count)
        }
    }

    private func charge(of number: UInt32) -> Int { Self.slotCharge + records[Int(number)].block.shape.bytes }

    private mutating func recharge(_ number: UInt32) {
        let charge = charge(of: number)
        statistics.bytes.increase(by: charge - Int(records[Int(number)].charge))
        queues.recharge(number, charge, &records)
    }

    private mutating func pin(_ number: UInt32, _ isPinned: Bool) {
        pinnedSlots += isPinned ? 1 : -1
        statistics.pinnedEntries.increase(by: isPinned ? 1 : -1)
        if isPinned {
            queues.remove(number, &records)
            records[Int(number)].place = .pinned
        } else {
            queues.append(number, to: .small, &records)
        }
    }
}
