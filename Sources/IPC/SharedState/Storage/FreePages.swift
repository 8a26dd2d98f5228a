/// Which pages are free, a bit each.
struct FreePages: ~Copyable {
    private var map: OwnArray<UInt64>
    private let pageCount: Int
    private(set) var count = 0

    /// All are free; they are numbered from 1.
    init(pageCount: Int) {
        self.pageCount = pageCount
        map = OwnArray(count: pageCount / 64 + 1)
        for page in 1...pageCount { add(page) }
    }

    func contains(_ page: Int) -> Bool { map[page / 64] >> UInt64(page % 64) & 1 == 1 }

    mutating func add(_ page: Int) {
        map[page / 64] |= 1 << UInt64(page % 64)
        count += 1
    }

    mutating func remove(_ page: Int) {
        map[page / 64] &= ~(1 << UInt64(page % 64))
        count -= 1
    }

    /// The first of `length` free pages in a row: the lowest such, or the highest.
    ///
    /// - Complexity: a step for 64 pages where none is free, else for a page.
    func run(of length: Int, fromBelow: Bool) -> Int? {
        guard count >= length else { return nil }
        var found = 0
        var step = 0
        while step < pageCount {
            let page = fromBelow ? step + 1 : pageCount - step
            if map[page / 64] == 0 {
                found = 0
                step += fromBelow ? 64 - page % 64 : page % 64 + 1
                continue
            }
            found = contains(page) ? found + 1 : 0
            if found == length { return fromBelow ? page - length + 1 : page }
            step += 1
        }
        return nil
    }
}
