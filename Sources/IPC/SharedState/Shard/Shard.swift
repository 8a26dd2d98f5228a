import CSharedMemory
import Identifiers
import SharedMemory

/// The part of a table that one lock guards: a range of buckets, of slots and of pages, and what the owner
/// alone knows of them.
///
/// Slots are numbered from 1 within the shard. What decides where memory is written comes from the owner's
/// own records; from the section come only chains and versions, whose damage loses entries and nothing else.
@safe
struct Shard: ~Copyable {
    let base: UnsafeMutableRawPointer
    let plan: StateTablePlan
    let index: Int
    let hits: HitCounts
    let statistics: ShardStatistics
    /// Where the shard's slots, and its pages, begin in the section.
    private let firstSlot: Int
    let firstPage: Int
    private let slotCount: Int
    var records: OwnArray<SlotRecord>
    var pool: PagePool
    var queues = EvictionQueues()
    var ghosts: GhostSet
    var freeSlot = SlotRecord.none
    /// Slots up to here have been used.
    var usedSlots: UInt32 = 0
    var pinnedSlots = 0
    /// The version of the last write; even.
    var version: UInt64 = 0
    var sweepCursor: UInt32 = 0

    init(base: UnsafeMutableRawPointer, plan: StateTablePlan, index: Int, hits: HitCounts) {
        unsafe self.base = unsafe base
        self.plan = plan
        self.index = index
        self.hits = hits
        slotCount = plan.slotsPerShard
        firstSlot = plan.slotsOffset + index * plan.slotsPerShard * Slot.bytes
        firstPage = plan.valuesOffset + index * plan.pagesPerShard * StateTablePlan.pageBytes
        unsafe statistics = ShardStatistics(
            line: base + StateTablePlan.shardStatisticsOffset + index * StateTablePlan.shardStatisticsBytes)
        records = OwnArray(count: plan.slotsPerShard + 1)
        pool = PagePool(pageCount: plan.pagesPerShard)
        ghosts = GhostSet(capacity: plan.slotsPerShard)
    }

    // MARK: Places

    /// The number of a slot in the whole table, from 0.
    func tableIndex(_ slot: UInt32) -> Int { index * slotCount + Int(slot) - 1 }

    func slot(_ slot: UInt32) -> WritableSlot {
        unsafe WritableSlot(base + firstSlot + (Int(slot) - 1) * Slot.bytes)
    }

    func bucket(_ hash: UInt64) -> WritableWord {
        unsafe base.word(at: plan.bucketsOffset + Int(hash >> plan.bucketShift) * 8)
    }

    /// A link as buckets and slots hold it: the slot's number in the table plus one.
    private func link(_ slot: UInt32) -> UInt64 { UInt64(tableIndex(slot) + 1) }

    /// `none` if the link leads out of the shard.
    private func slot(at link: UInt64) -> UInt32 {
        let first = UInt64(index * slotCount)
        guard link > first, link <= first + UInt64(usedSlots) else { return SlotRecord.none }
        return UInt32(link - first)
    }

    /// The offset of a slot's block in the section; 0 if its value stands in the slot.
    func blockOffset(_ slot: UInt32) -> Int {
        let block = records[Int(slot)].block
        return block.isNone ? 0 : firstPage + block.offset
    }

    // MARK: What is far away, fetched at once

    /// Has a slot and its record fetched.
    func prefetch(_ number: UInt32) {
        unsafe cshared_prefetch(base + firstSlot + (Int(number) - 1) * Slot.bytes)
        records.prefetch(Int(number))
    }

    /// Has the beginning of a block fetched, which is about to be written.
    func prefetchBlock(at offset: Int, bytes: Int) {
        for line in stride(from: 0, to: min(bytes, 512), by: 64) {
            unsafe cshared_prefetch(base + offset + line)
        }
    }

    // MARK: Chains

    /// The slot of a key, also of an entry that has expired; and the length of the chain as far as it was
    /// walked.
    func find(_ key: EntryKey) -> (slot: UInt32, steps: Int) {
        var link = bucket(key.hash).load() & 0xFFFF_FFFF
        var steps = 0
        while steps < StateTablePlan.longestChain {
            let number = slot(at: link)
            guard number != SlotRecord.none else { return (SlotRecord.none, steps) }
            let slot = slot(number)
            prefetch(number)
            if slot.hash.load() == key.hash, isKey(key, of: number, slot) { return (number, steps) }
            link = slot.next.load()
            steps += 1
        }
        return (SlotRecord.none, steps)
    }

    private func isKey(_ key: EntryKey, of number: UInt32, _ slot: WritableSlot) -> Bool {
        let shape = SlotShape(rawValue: slot.shape.load())
        guard let bytes = unsafe key.bytes else {
            return shape.kind == Slot.kindWord && slot.key.load() == key.word
        }
        guard shape.kind == Slot.kindBytes, shape.keyBytes == bytes.count else { return false }
        guard let wanted = bytes.baseAddress else { return true }
        let block = blockOffset(number)
        guard block > 0 else { return unsafe bytes.isEmpty }
        prefetchBlock(at: block, bytes: shape.valueOffset + shape.valueBytes)
        return unsafe cshared_equal_racing(base + block, wanted, bytes.count)
    }

    /// Puts a slot at the front of its bucket's chain. The release makes readers see what is in it.
    mutating func link(_ number: UInt32) {
        let slot = slot(number)
        let bucket = bucket(slot.hash.load())
        let word = bucket.load()
        slot.next.storeReleasing(word & 0xFFFF_FFFF)
        bucket.storeReleasing(Self.changed(word) | link(number))
    }

    /// Takes a slot out of its bucket's chain. A reader that is on it goes on from there, finds the bucket's
    /// word changed in the end, and begins anew.
    mutating func unlink(_ number: UInt32) {
        let slot = slot(number)
        let bucket = bucket(slot.hash.load())
        let word = bucket.load()
        var current = self.slot(at: word & 0xFFFF_FFFF)
        if current == number {
            bucket.storeReleasing(Self.changed(word) | slot.next.load() & 0xFFFF_FFFF)
            return
        }
        for _ in 0..<StateTablePlan.longestChain where current != SlotRecord.none {
            let next = self.slot(at: self.slot(current).next.load())
            if next == number {
                self.slot(current).next.storeReleasing(slot.next.load())
                bucket.storeReleasing(Self.changed(word) | word & 0xFFFF_FFFF)
                return
            }
            current = next
        }
    }

    /// The upper half of a bucket's word counts its changes.
    private static func changed(_ word: UInt64) -> UInt64 { (word >> 32 &+ 1) << 32 }

    mutating func nextVersion() -> UInt64 {
        version += 2
        return version
    }
}
