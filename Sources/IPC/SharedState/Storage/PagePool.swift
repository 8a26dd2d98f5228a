/// The pages of one shard: each is free, or holds blocks of one size for values that are all pinned or all
/// not.
///
/// Since pinned values have pages of their own, and at most half of all, any other page can be emptied by
/// evicting what is in it: no mixture of sizes ever makes the table unusable.
struct PagePool: ~Copyable {
    let sizes: BlockSizes
    private var pages: OwnArray<PageRecord>
    private let pageCount: Int
    private let pageBytes: Int
    private let mapWords: Int
    /// A set bit is a block in use.
    private var maps: OwnArray<UInt64>
    /// The first page with room, for each class and whether it is pinned; the last entry is the first free
    /// page.
    private var first: [UInt32]
    private(set) var pinnedPages = 0
    private var reclaimCursor = 0

    init(pageCount: Int, pageBytes: Int) {
        sizes = BlockSizes(pageBytes: pageBytes)
        self.pageBytes = pageBytes
        mapWords = (pageBytes / BlockSizes.grain + 63) / 64
        self.pageCount = pageCount
        pages = OwnArray(count: pageCount + 1)
        maps = OwnArray(count: (pageCount + 1) * mapWords)
        first = Array(repeating: PageRecord.none, count: sizes.count * 2 + 1)
        for page in stride(from: pageCount, to: 0, by: -1) { push(UInt32(page), onto: freeList) }
    }

    private var freeList: Int { sizes.count * 2 }
    private func list(_ sizeClass: Int, _ isPinned: Bool) -> Int { sizeClass * 2 + (isPinned ? 1 : 0) }

    /// Whether another page may be taken for pinned values.
    var mayPinMore: Bool { (pinnedPages + 1) * 2 <= pageCount }

    /// Takes a block; `nil` if no page of the class has one and none is free (or, pinned, may be taken).
    mutating func take(_ sizeClass: Int, isPinned: Bool) -> (page: UInt32, block: UInt16)? {
        let list = list(sizeClass, isPinned)
        var page = first[list]
        if page == PageRecord.none {
            page = first[freeList]
            guard page != PageRecord.none, !isPinned || mayPinMore else { return nil }
            unlink(page, from: freeList)
            pages[Int(page)].sizeClass = UInt8(sizeClass)
            pages[Int(page)].isPinned = isPinned
            pages[Int(page)].hint = 0
            if isPinned { pinnedPages += 1 }
            push(page, onto: list)
        }
        let block = takeBlock(of: Int(page), outOf: sizes.blocksPerPage[sizeClass])
        if Int(pages[Int(page)].used) == sizes.blocksPerPage[sizeClass] { unlink(page, from: list) }
        return (page, block)
    }

    /// A page on a list has a free block, at or behind its hint.
    private mutating func takeBlock(of page: Int, outOf count: Int) -> UInt16 {
        var word = Int(pages[page].hint)
        while maps[page * mapWords + word] == UInt64.max { word += 1 }
        let bit = (~maps[page * mapWords + word]).trailingZeroBitCount
        maps[page * mapWords + word] |= 1 << UInt64(bit)
        pages[page].hint = UInt16(word)
        pages[page].used += 1
        return UInt16(word * 64 + bit)
    }

    /// Gives a block back; a page without blocks in use is free for every class.
    mutating func give(page: UInt32, block: UInt16) {
        let index = Int(page)
        let sizeClass = Int(pages[index].sizeClass)
        let list = list(sizeClass, pages[index].isPinned)
        let word = Int(block) / 64
        maps[index * mapWords + word] &= ~(1 << UInt64(block % 64))
        if Int(pages[index].used) == sizes.blocksPerPage[sizeClass] { push(page, onto: list) }
        pages[index].used -= 1
        pages[index].hint = min(pages[index].hint, UInt16(word))
        guard pages[index].used == 0 else { return }
        unlink(page, from: list)
        if pages[index].isPinned { pinnedPages -= 1 }
        pages[index].isPinned = false
        push(page, onto: freeList)
    }

    /// The offset of a block from the shard's first page.
    func offset(page: UInt32, block: UInt16) -> Int {
        (Int(page) - 1) * pageBytes + Int(block) * sizes.sizes[Int(pages[Int(page)].sizeClass)]
    }

    /// The emptiest of some pages in use that are not pinned, beginning where the last search ended; `nil` if
    /// there is none.
    ///
    /// - Complexity: at most all pages, usually 16.
    mutating func pageToReclaim(sparing spared: UInt32) -> UInt32? {
        var best: UInt32?
        var seen = 0
        for _ in 0..<pageCount where seen < 16 {
            reclaimCursor = reclaimCursor < pageCount ? reclaimCursor + 1 : 1
            let page = pages[reclaimCursor]
            guard page.used > 0, !page.isPinned, UInt32(reclaimCursor) != spared else { continue }
            seen += 1
            // What is emptiest gives up least; a page of one large value gives up as much as a full one.
            if best.map({ fill(page) < fill(pages[Int($0)]) }) ?? true { best = UInt32(reclaimCursor) }
        }
        return best
    }

    private func fill(_ page: PageRecord) -> Int {
        Int(page.used) * sizes.sizes[Int(page.sizeClass)]
    }

    func sizeClass(of page: UInt32) -> Int { Int(pages[Int(page)].sizeClass) }
    func firstSlot(of page: UInt32) -> UInt32 { pages[Int(page)].firstSlot }

    mutating func setFirstSlot(_ slot: UInt32, of page: UInt32) { pages[Int(page)].firstSlot = slot }

    private mutating func push(_ page: UInt32, onto list: Int) {
        let next = first[list]
        pages[Int(page)].previous = PageRecord.none
        pages[Int(page)].next = next
        if next != PageRecord.none { pages[Int(next)].previous = page }
        first[list] = page
    }

    private mutating func unlink(_ page: UInt32, from list: Int) {
        let (previous, next) = (pages[Int(page)].previous, pages[Int(page)].next)
        if previous != PageRecord.none { pages[Int(previous)].next = next } else { first[list] = next }
        if next != PageRecord.none { pages[Int(next)].previous = previous }
        pages[Int(page)].previous = PageRecord.none
        pages[Int(page)].next = PageRecord.none
    }
}
