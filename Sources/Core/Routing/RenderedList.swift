/// One merged list as clients receive it, cut into pages.
struct RenderedList: Sendable {
    private struct Page {
        var start: Int
        var items: [UInt8]
        var count: Int
        var nextCursor: [UInt8]?
    }

    private let pages: [Page]
    private let ttlMilliseconds: Int
    private let cacheScope: CacheScope

    /// - Parameter cursor: gives the text of the cursor to an item's offset.
    init(
        _ entries: [CatalogEntry], ttlMilliseconds: Int, cacheScope: CacheScope, limits: PageLimits,
        cursor: (Int) -> String
    ) {
        let bracket = UInt8(ascii: "[")
        var pages: [Page] = []
        var page = Page(start: 0, items: [bracket], count: 0)
        for (index, entry) in entries.enumerated() {
            let isFull = page.count >= limits.items || page.items.count + entry.bytes.count + 1 > limits.bytes
            if page.count > 0 && isFull {
                page.items.append(UInt8(ascii: "]"))
                page.nextCursor = Array("\"\(cursor(index))\"".utf8)
                pages.append(page)
                page = Page(start: index, items: [bracket], count: 0)
            }
            if page.count > 0 { page.items.append(UInt8(ascii: ",")) }
            page.items.append(contentsOf: entry.bytes)
            page.count += 1
        }
        page.items.append(UInt8(ascii: "]"))
        pages.append(page)
        self.pages = pages
        self.ttlMilliseconds = ttlMilliseconds
        self.cacheScope = cacheScope
    }

    /// The page that begins with the item at an offset; nil where none begins.
    func page(at offset: Int) -> ListPage? {
        guard let page = pages.first(where: { $0.start == offset }) else { return nil }
        return ListPage(
            items: page.items, count: page.count, nextCursor: page.nextCursor,
            ttlMilliseconds: ttlMilliseconds, cacheScope: cacheScope)
    }
}
