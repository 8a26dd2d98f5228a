/// Where a value stands, and in what kind of block.
struct Block: BitwiseCopyable {
    static let none = Block(unit: 0, code: 0)
    /// Codes from here on are rows of so many pages and one more; below, size classes.
    private static let firstRow: UInt8 = 128

    /// The distance from the shard's first page in grains, plus one; 0 if the value stands in the slot.
    private var unit: UInt32
    private var code: UInt8

    private init(unit: UInt32, code: UInt8) {
        self.unit = unit
        self.code = code
    }

    init(page: UInt32, index: UInt16, shape: BlockShape) {
        let offset = (Int(page) - 1) * BlockSizes.pageBytes
        switch shape {
        case .none: self = .none
        case .block(let sizeClass):
            unit = UInt32((offset + Int(index) * BlockSizes.sizes[sizeClass]) / BlockSizes.grain + 1)
            code = UInt8(sizeClass)
        case .pages(let count):
            unit = UInt32(offset / BlockSizes.grain + 1)
            code = Self.firstRow + UInt8(count)
        }
    }

    var isNone: Bool { unit == 0 }

    var shape: BlockShape {
        guard unit != 0 else { return .none }
        return code < Self.firstRow ? .block(sizeClass: Int(code)) : .pages(Int(code - Self.firstRow))
    }

    /// The distance from the shard's first page.
    var offset: Int { (Int(unit) - 1) * BlockSizes.grain }

    var page: UInt32 { UInt32(offset / BlockSizes.pageBytes + 1) }

    /// Which block of its page it is.
    var index: UInt16 {
        guard code < Self.firstRow else { return 0 }
        return UInt16(offset % BlockSizes.pageBytes / BlockSizes.sizes[Int(code)])
    }
}
