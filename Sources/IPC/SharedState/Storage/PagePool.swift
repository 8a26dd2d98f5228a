/// The pages of one shard: each is free, or holds blocks of one size, or part of a value larger than a page.
///
/// Pinned values have pages of their own, from the lowest up and at most half of all; the others' begin at
/// the highest. So a row of pages can always be found that becomes free when the entries in it are evicted,
/// and no mixture of sizes ever makes the table unusable.
struct PagePool: ~Copyable {
    /// Of so many rows of pages the one that gives up least is emptied.
    private static let mostCandidates = 8

    private var pages: OwnArray<PageRecord>
    private var free: FreePages
    private let pageCount: Int
    /// The first page with room, for each class and whether it is pinned.
    private var first: [UInt32]
    private var pinnedPages = 0
    private var cursor = 0

    init(pageCount: Int) {
        self.pageCount = pageCount
        pages = OwnArray(count: pageCount + 1)
        free = FreePages(pageCount: pageCount)
        first = Array(repeating: PageRecord.none, count: BlockSizes.sizes.count * 2)
    }

    func firstSlot(of page: UInt32) -> UInt32 { pages[Int(page)].firstSlot }

    mutating func setFirstSlot(_ slot: UInt32, of page: UInt32) { pages[Int(page)].firstSlot = slot }

    /// Whether so many more pages may be taken for pinned values.
    func mayPin(_ count: Int) -> Bool { (pinnedPages + count) * 2 <= pageCount }

    // MARK: Taking and giving back

    /// Takes a block; `nil` if there is none without eviction, or too much would be pinned.
    mutating func take(_ shape: BlockShape, isPinned: Bool) -> Block? {
        switch shape {
        case .none: return Block.none
        case .pages(let count):
            return takePages(count, isPinned: isPinned).map { Block(page: $0, index: 0, shape: shape) }
        case .block(let sizeClass):
            let list = list(sizeClass, isPinned)
            if first[list] == PageRecord.none {
                guard let page = takePages(1, isPinned: isPinned) else { return nil }
                pages[Int(page)].use = .blocks
                pages[Int(page)].sizeClass = UInt8(sizeClass)
                pages[Int(page)].used = 0
                push(page, onto: list)
            }
            let page = first[list]
            let index = pages[Int(page)].takeBlock()
            if Int(pages[Int(page)].used) == BlockSizes.blocksPerPage[sizeClass] { unlink(page, from: list) }
            return Block(page: page, index: index, shape: shape)
        }
    }

    private mutating func takePages(_ count: Int, isPinned: Bool) -> UInt32? {
        guard !isPinned || mayPin(count), let start = free.run(of: count, fromBelow: isPinned)
        else { return nil }
        for page in start..<(start + count) {
            free.remove(page)
            pages[page].use = page == start ? .runHead : .runTail
            pages[page].isPinned = isPinned
            pages[page].link = UInt32(start)
        }
        pages[start].used = UInt8(count)
        if isPinned { pinnedPages += count }
        return UInt32(start)
    }

    mutating func give(_ block: Block) {
        let page = block.page
        let index = Int(page)
        guard pages[index].use == .blocks else {
            givePages(index, Int(pages[index].used))
            return
        }
        let sizeClass = Int(pages[index].sizeClass)
        let list = list(sizeClass, pages[index].isPinned)
        if Int(pages[index].used) == BlockSizes.blocksPerPage[sizeClass] { push(page, onto: list) }
        pages[index].giveBlock(block.index)
        guard pages[index].used == 0 else { return }
        unlink(page, from: list)
        givePages(index, 1)
    }

    private mutating func givePages(_ start: Int, _ count: Int) {
        if pages[start].isPinned { pinnedPages -= count }
        for page in start..<(start + count) {
            pages[page] = PageRecord()
            free.add(page)
        }
    }

    // MARK: Emptying

    /// The first of `count` pages in a row that hold nothing pinned and nothing of `spared`'s page: the
    /// lowest such for pinned values, else one that gives up little; `nil` if there is none.
    ///
    /// - Complexity: at most all pages, usually some rows.
    mutating func rowToEmpty(_ count: Int, isPinned: Bool, sparing spared: UInt32) -> Int? {
        guard count <= pageCount else { return nil }
        var best: (start: Int, bytes: Int)?
        var candidates = 0
        var start = isPinned ? 1 : cursor + 1
        var seen = 0
        while seen < pageCount + count, candidates < (isPinned ? 1 : Self.mostCandidates) {
            if start + count - 1 > pageCount { (seen, start) = (seen + pageCount - start + 1, 1) }
            if let blocker = blocker(start, count, spared) {
                (seen, start) = (seen + blocker - start + 1, blocker + 1)
                continue
            }
            let bytes = (start..<(start + count)).reduce(0) { $0 + pages[$1].usedBytes }
            if best.map({ bytes < $0.bytes }) ?? true { best = (start, bytes) }
            candidates += 1
            (seen, start) = (seen + count, start + count)
        }
        cursor = min(start, pageCount) - 1
        return best?.start
    }

    /// The last page of a row that may not be emptied.
    private func blocker(_ start: Int, _ count: Int, _ spared: UInt32) -> Int? {
        (start..<(start + count)).last { page in
            let record = pages[page]
            let head = record.use == .runTail ? record.link : UInt32(page)
            return record.use != .free && (record.isPinned || head == spared)
        }
    }

    /// A slot whose value stands in the page; `none` if there is none.
    func slot(in page: Int) -> UInt32 {
        let record = pages[page]
        return record.use == .runTail ? pages[Int(record.link)].firstSlot : record.firstSlot
    }

    // MARK: Lists of pages with room

    private func list(_ sizeClass: Int, _ isPinned: Bool) -> Int { sizeClass * 2 + (isPinned ? 1 : 0) }

    private mutating func push(_ page: UInt32, onto list: Int) {
        let next = first[list]
        pages[Int(page)].previous = PageRecord.none
        pages[Int(page)].link = next
        if next != PageRecord.none { pages[Int(next)].previous = page }
        first[list] = page
    }

    private mutating func unlink(_ page: UInt32, from list: Int) {
        let (previous, next) = (pages[Int(page)].previous, pages[Int(page)].link)
        if previous != PageRecord.none { pages[Int(previous)].link = next } else { first[list] = next }
        if next != PageRecord.none { pages[Int(next)].previous = previous }
        pages[Int(page)].previous = PageRecord.none
        pages[Int(page)].link = PageRecord.none
    }
}
