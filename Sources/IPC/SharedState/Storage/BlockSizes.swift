/// The sizes of blocks within a page: the page divided by 1, 2, 3, 4 and on in four steps a doubling, rounded
/// down to 32 bytes.
///
/// A block is at most a third larger than asked for, but for sizes over a third of a page.
enum BlockSizes {
    static let grain = 32
    static let pageBytes = StateTablePlan.pageBytes
    static let mostBlocks = pageBytes / grain

    /// From the smallest to the page.
    static let sizes: [Int] = {
        var parts = [1, 2, 3]
        var step = 1
        while let last = parts.last, last < mostBlocks {
            if last >= 8 * step { step *= 2 }
            parts.append(last + step)
        }
        var sizes: [Int] = []
        for part in parts.reversed() {
            let size = pageBytes / part / grain * grain
            if size >= grain, size != sizes.last { sizes.append(size) }
        }
        return sizes
    }()

    static let blocksPerPage: [Int] = sizes.map { pageBytes / $0 }

    /// For each multiple of the grain the smallest class that holds it.
    private static let classes: [UInt8] = (0...mostBlocks).map { grains in
        UInt8(sizes.firstIndex { $0 >= grains * grain } ?? sizes.count - 1)
    }

    /// The class of blocks for so many bytes; `nil` if they need more than a page.
    static func sizeClass(_ bytes: Int) -> Int? {
        bytes <= pageBytes ? Int(classes[(bytes + grain - 1) / grain]) : nil
    }
}
