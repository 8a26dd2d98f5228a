/// The sizes of blocks: the page divided by 1, 2, 3, 4 and on in four steps a doubling, rounded down to 32
/// bytes.
///
/// A block is at most a quarter larger than asked for, but for values over a quarter of a page.
struct BlockSizes {
    static let grain = 32

    /// From the smallest to the page.
    let sizes: [Int]
    let blocksPerPage: [Int]
    /// For each multiple of the grain the smallest class that holds it.
    private let classes: [UInt8]

    init(pageBytes: Int) {
        var parts = [1, 2, 3]
        var step = 1
        while parts[parts.count - 1] * Self.grain < pageBytes {
            let last = parts[parts.count - 1]
            if last >= 8 * step { step *= 2 }
            parts.append(last + step)
        }
        var sizes: [Int] = []
        for part in parts.reversed() {
            let size = pageBytes / part / Self.grain * Self.grain
            if size >= Self.grain, size != sizes.last { sizes.append(size) }
        }
        self.sizes = sizes
        blocksPerPage = sizes.map { pageBytes / $0 }
        var classes: [UInt8] = []
        for grains in 0...(pageBytes / Self.grain) {
            classes.append(UInt8(sizes.firstIndex { $0 >= grains * Self.grain } ?? sizes.count - 1))
        }
        self.classes = classes
    }

    var count: Int { sizes.count }

    /// The class of blocks for so many bytes, which are at most a page.
    func sizeClass(_ bytes: Int) -> Int { Int(classes[(bytes + Self.grain - 1) / Self.grain]) }
}
