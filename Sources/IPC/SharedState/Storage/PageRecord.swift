/// What the owner knows of one page of values, in memory of its own.
struct PageRecord {
    /// Pages are numbered from 1.
    static let none: UInt32 = 0

    /// How the page is used.
    enum Use: UInt8, BitwiseCopyable {
        case free = 0
        case blocks
        /// The first page of a large value.
        case runHead
        /// Another page of it; `link` is its first.
        case runTail
    }

    var use = Use.free
    var isPinned = false
    var sizeClass: UInt8 = 0
    /// Blocks in use; of a large value's first page, its pages.
    var used: UInt8 = 0
    /// Neighbours among the pages of the class that have room.
    var previous = PageRecord.none
    var link = PageRecord.none
    /// The first slot whose value stands here.
    var firstSlot = SlotRecord.none
    /// A set bit is a block in use.
    var map: (UInt64, UInt64) = (0, 0)

    /// Takes the lowest free block.
    mutating func takeBlock() -> UInt16 {
        used += 1
        if map.0 != UInt64.max {
            let bit = (~map.0).trailingZeroBitCount
            map.0 |= 1 << UInt64(bit)
            return UInt16(bit)
        }
        let bit = (~map.1).trailingZeroBitCount
        map.1 |= 1 << UInt64(bit)
        return UInt16(64 + bit)
    }

    mutating func giveBlock(_ block: UInt16) {
        used -= 1
        if block < 64 {
            map.0 &= ~(1 << UInt64(block))
        } else {
            map.1 &= ~(1 << UInt64(block - 64))
        }
    }

    /// The bytes of the page that hold values.
    var usedBytes: Int {
        switch use {
        case .free: 0
        case .blocks: Int(used) * BlockSizes.sizes[Int(sizeClass)]
        case .runHead, .runTail: BlockSizes.pageBytes
        }
    }
}
