/// What the owner knows of one slot, in memory of its own: a reader can't mislead it.
///
/// Half a cache line, so that none lies across two.
struct SlotRecord {
    /// Slots are numbered from 1.
    static let none: UInt32 = 0

    /// Which list the slot is in.
    enum Place: UInt8, BitwiseCopyable {
        case free = 0
        case small
        case main
        case pinned
    }

    /// Neighbours in the queue, the front being the newest; free slots are chained by `next`.
    var previous = SlotRecord.none
    var next = SlotRecord.none
    /// Neighbours among the slots whose values stand in the same page.
    var pagePrevious = SlotRecord.none
    var pageNext = SlotRecord.none
    var block = Block.none
    /// What it is charged for: its slot and its block.
    var charge: UInt32 = 0
    var place = Place.free
    private var filling: UInt16 = 0
}
