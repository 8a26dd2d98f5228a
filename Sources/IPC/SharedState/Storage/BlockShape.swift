/// What kind of block a value needs.
enum BlockShape: Equatable {
    /// The value stands in the slot.
    case none
    /// A block of a size class, in a page of such.
    case block(sizeClass: Int)
    /// So many whole pages in a row.
    case pages(Int)

    /// - Parameter bytes: `nil` if the value stands in the slot.
    init(bytes: Int?) {
        guard let bytes else {
            self = .none
            return
        }
        if let sizeClass = BlockSizes.sizeClass(bytes) {
            self = .block(sizeClass: sizeClass)
        } else {
            self = .pages((bytes + BlockSizes.pageBytes - 1) / BlockSizes.pageBytes)
        }
    }

    var bytes: Int {
        switch self {
        case .none: 0
        case .block(let sizeClass): BlockSizes.sizes[sizeClass]
        case .pages(let count): count * BlockSizes.pageBytes
        }
    }

    var pageCount: Int {
        if case .pages(let count) = self { count } else { 1 }
    }
}
