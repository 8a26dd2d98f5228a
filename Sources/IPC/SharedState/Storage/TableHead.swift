import SharedMemory

/// The head of a table as a reader finds it, checked against the bytes that are mapped.
struct TableHead {
    let seed: UInt64
    let shards: Int
    let bucketCount: Int
    let slotCount: Int
    let bucketsOffset: Int
    let slotsOffset: Int
    let valuesOffset: Int

    /// Reads each number once, so that what was checked is what is used.
    init(reading base: UnsafeRawPointer, byteCount: Int) throws(StateTableLayoutError) {
        guard byteCount >= StateTablePlan.headBytes else {
            throw .tooSmall(bytes: byteCount, needed: StateTablePlan.headBytes)
        }
        guard unsafe base.word(at: 0).loadAcquiring() == StateTablePlan.magic else {
            throw .noTable
        }
        let second = unsafe base.word(at: 8).load()
        let layout = UInt32(truncatingIfNeeded: second)
        guard layout == StateTablePlan.layout else {
            throw .unknownLayout(found: layout, known: StateTablePlan.layout)
        }
        seed = unsafe base.word(at: 16).load()
        let damaged = StateTableLayoutError.damagedHead(bytes: byteCount)
        guard let shards = Int(exactly: second >> 32),
            let buckets = unsafe Int(exactly: base.word(at: 24).load()),
            let slots = unsafe Int(exactly: base.word(at: 32).load()),
            let bucketsOffset = unsafe Int(exactly: base.word(at: 40).load()),
            let slotsOffset = unsafe Int(exactly: base.word(at: 48).load()),
            let valuesOffset = unsafe Int(exactly: base.word(at: 56).load())
        else { throw damaged }
        guard (1...StateTablePlan.mostShards).contains(shards), shards.nonzeroBitCount == 1,
            buckets >= 2, buckets >= shards, buckets.nonzeroBitCount == 1, slots > 0, slots < Int(UInt32.max),
            (bucketsOffset | slotsOffset | valuesOffset) % 8 == 0
        else { throw damaged }
        // None of these can overflow once the ones before have held.
        guard bucketsOffset >= StateTablePlan.headBytes, bucketsOffset <= byteCount,
            buckets <= (byteCount - bucketsOffset) / 8,
            slotsOffset >= bucketsOffset + buckets * 8, slotsOffset <= byteCount,
            slots <= (byteCount - slotsOffset) / Slot.bytes,
            valuesOffset >= slotsOffset + slots * Slot.bytes, valuesOffset <= byteCount
        else { throw damaged }
        self.shards = shards
        bucketCount = buckets
        slotCount = slots
        self.bucketsOffset = bucketsOffset
        self.slotsOffset = slotsOffset
        self.valuesOffset = valuesOffset
    }

    /// Writes the head of an empty table; the magic last, with release, so that nobody reads half of it.
    static func write(_ plan: StateTablePlan, seed: UInt64, to base: UnsafeMutableRawPointer) {
        unsafe base.word(at: 8).store(UInt64(StateTablePlan.layout) | UInt64(plan.shards) << 32)
        unsafe base.word(at: 16).store(seed)
        unsafe base.word(at: 24).store(UInt64(plan.bucketCount))
        unsafe base.word(at: 32).store(UInt64(plan.slotCount))
        unsafe base.word(at: 40).store(UInt64(plan.bucketsOffset))
        unsafe base.word(at: 48).store(UInt64(plan.slotsOffset))
        unsafe base.word(at: 56).store(UInt64(plan.valuesOffset))
        unsafe base.word(at: 64).store(UInt64(StateTablePlan.pageBytes))
        unsafe base.word(at: 72).store(UInt64(plan.pageCount))
        unsafe base.word(at: 0).storeReleasing(StateTablePlan.magic)
    }
}
