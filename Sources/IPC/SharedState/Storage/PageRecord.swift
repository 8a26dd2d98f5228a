/// What the owner knows of one page of values, in memory of its own.
struct PageRecord {
    /// Pages are numbered from 1.
    static let none: UInt32 = 0

    /// Means something while blocks are in use.
    var sizeClass: UInt8 = 0
    var isPinned = false
    var used: UInt16 = 0
    /// Where to begin looking for a free block.
    var hint: UInt16 = 0
    /// Neighbours among the pages of the class that have room, or among the free pages.
    var previous = PageRecord.none
    var next = PageRecord.none
    /// The first slot whose value stands here.
    var firstSlot = SlotRecord.none
}
