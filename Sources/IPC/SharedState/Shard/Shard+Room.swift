import Identifiers

/// Room for entries: taking it, giving it back, and S3-FIFO when there is none.
extension Shard {
    /// So many entries leave, one after the other as the policy says, before a row of pages is emptied at
    /// once; more for a large value, until twice its bytes have become free.
    private static let fewEvictions = 8
    private static let mostEvictions = 64
    /// So many entries get another chance before one has to leave all the same: some 10 microseconds.
    private static let mostMoves = 512

    struct Request {
        var block: BlockShape
        var isPinned: Bool
        /// Whether an entry becomes pinned that was not.
        var pins: Bool
        var needsSlot: Bool
    }

    /// What is charged for a slot and its part of the buckets.
    static let slotCharge = Slot.bytes + 16

    private var hasFreeSlot: Bool { freeSlot != SlotRecord.none || Int(usedSlots) < plan.slotsPerShard }

    /// Finds a block and, if asked for, sees to a free slot; evicts what it has to, but not `spared`.
    ///
    /// - Returns: `nil` if everything else is pinned, or as much is pinned as may be.
    mutating func makeRoom(
        _ request: Request, sparing spared: UInt32, now: MonotonicTime?
    ) -> Block? {
        if request.pins, (pinnedSlots + 1) * 2 > plan.slotsPerShard { return nil }
        var freed = 0
        for eviction in 0..<Self.mostEvictions {
            if let block = takeBlock(request) { return block }
            if request.isPinned, hasFreeSlot, !pool.mayPin(request.block.pageCount) { return nil }
            if eviction >= Self.fewEvictions, freed >= 2 * request.block.bytes { break }
            let before = statistics.bytes.load()
            guard evict(sparing: spared, now: now) else { break }
            freed &+= Int(truncatingIfNeeded: before &- statistics.bytes.load())
        }
        guard !request.needsSlot || hasFreeSlot else { return nil }
        let sparedPage = blockPage(of: spared)
        let count = request.block.pageCount
        guard let row = pool.rowToEmpty(count, isPinned: request.isPinned, sparing: sparedPage)
        else { return nil }
        for page in row..<(row + count) {
            while case let slot = pool.slot(in: page), slot != SlotRecord.none { evict(slot) }
        }
        return takeBlock(request)
    }

    private mutating func takeBlock(_ request: Request) -> Block? {
        guard !request.needsSlot || hasFreeSlot else { return nil }
        return pool.take(request.block, isPinned: request.isPinned)
    }

    private func blockPage(of slot: UInt32) -> UInt32 {
        guard slot != SlotRecord.none, !records[Int(slot)].block.isNone else { return PageRecord.none }
        return records[Int(slot)].block.page
    }

    /// Takes a slot that is known to be there.
    mutating func takeSlot() -> UInt32 {
        if freeSlot != SlotRecord.none {
            let slot = freeSlot
            freeSlot = records[Int(slot)].next
            return slot
        }
        usedSlots += 1
        return usedSlots
    }

    /// Lets a slot's value stand in `block`.
    mutating func settle(_ slot: UInt32, in block: Block) {
        records[Int(slot)].block = block
        guard !block.isNone else { return }
        let first = pool.firstSlot(of: block.page)
        records[Int(slot)].pagePrevious = SlotRecord.none
        records[Int(slot)].pageNext = first
        if first != SlotRecord.none { records[Int(first)].pagePrevious = slot }
        pool.setFirstSlot(slot, of: block.page)
    }

    /// Gives the block of a slot back.
    mutating func vacate(_ slot: UInt32) {
        let record = records[Int(slot)]
        guard !record.block.isNone else { return }
        if record.pagePrevious != SlotRecord.none {
            records[Int(record.pagePrevious)].pageNext = record.pageNext
        } else {
            pool.setFirstSlot(record.pageNext, of: record.block.page)
        }
        if record.pageNext != SlotRecord.none {
            records[Int(record.pageNext)].pagePrevious = record.pagePrevious
        }
        pool.give(record.block)
        records[Int(slot)].block = Block.none
    }

    /// Takes an entry out of the table.
    mutating func discard(_ number: UInt32) {
        unlink(number)
        let slot = slot(number)
        slot.beginWriting()
        slot.shape.store(0)
        slot.hash.store(0)
        slot.block.store(0)
        slot.expiry.store(0)
        slot.publish(nextVersion())
        vacate(number)
        if records[Int(number)].place == .pinned {
            pinnedSlots -= 1
            statistics.pinnedEntries.increase(by: -1)
        }
        queues.remove(number, &records)
        statistics.entries.increase(by: -1)
        statistics.bytes.increase(by: -Int(records[Int(number)].charge))
        hits[tableIndex(number)] = 0
        records[Int(number)].place = .free
        records[Int(number)].charge = 0
        records[Int(number)].next = freeSlot
        freeSlot = number
    }

    // MARK: S3-FIFO

    /// Lets one entry leave, as Algorithm 1 of Yang et al. (SOSP 2023) says.
    private mutating func evict(sparing spared: UInt32, now: MonotonicTime?) -> Bool {
        if queues.smallIsDue {
            return evictSmall(sparing: spared, now: now) || evictMain(sparing: spared, now: now)
        }
        return evictMain(sparing: spared, now: now) || evictSmall(sparing: spared, now: now)
    }

    private mutating func evictSmall(sparing spared: UInt32, now: MonotonicTime?) -> Bool {
        for move in 0..<(2 * Self.mostMoves) {
            let slot = queues.small.oldest
            guard slot != SlotRecord.none else { return false }
            let isLive = !isExpired(slot, now)
            if slot == spared {
                guard queues.small.count > 1 else { return false }
                requeue(slot, to: .small)
            } else if isLive, hits[tableIndex(slot)] > 1, move < Self.mostMoves {
                hits[tableIndex(slot)] = 0
                requeue(slot, to: .main)
            } else {
                evict(slot, isLive: isLive)
                return true
            }
        }
        return false
    }

    private mutating func evictMain(sparing spared: UInt32, now: MonotonicTime?) -> Bool {
        for move in 0..<(2 * Self.mostMoves) {
            let slot = queues.main.oldest
            guard slot != SlotRecord.none else { return false }
            let isLive = !isExpired(slot, now)
            if slot == spared {
                guard queues.main.count > 1 else { return false }
                requeue(slot, to: .main)
            } else if isLive, hits[tableIndex(slot)] > 0, move < Self.mostMoves {
                hits[tableIndex(slot)] -= 1
                requeue(slot, to: .main)
            } else {
                evict(slot, isLive: isLive)
                return true
            }
        }
        return false
    }

    private mutating func requeue(_ slot: UInt32, to place: SlotRecord.Place) {
        queues.remove(slot, &records)
        queues.append(slot, to: place, &records)
    }

    private mutating func evict(_ slot: UInt32, isLive: Bool = true) {
        if records[Int(slot)].place == .small { ghosts.add(self.slot(slot).hash.load()) }
        (isLive ? statistics.evictions : statistics.expirations).increase()
        discard(slot)
    }

    func isExpired(_ number: UInt32, _ now: MonotonicTime?) -> Bool {
        let expiry = slot(number).expiry.load()
        return expiry != 0 && (now ?? TableClock.now).nanoseconds >= expiry
    }

    /// Discards entries that have expired among the next `slots` slots, in turn.
    mutating func sweep(slots: Int, now: MonotonicTime?) -> Int {
        var removed = 0
        for _ in 0..<min(slots, Int(usedSlots)) {
            sweepCursor = sweepCursor < usedSlots ? sweepCursor + 1 : 1
            guard records[Int(sweepCursor)].place != .free, isExpired(sweepCursor, now) else { continue }
            statistics.expirations.increase()
            discard(sweepCursor)
            removed += 1
        }
        return removed
    }
}
