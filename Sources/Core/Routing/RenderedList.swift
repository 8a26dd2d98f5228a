/// One merged list as clients receive it, cut into pages.
struct RenderedList: Sendable {
    private struct Page {
        var start: Int
        var items: [UInt8]
        var count: Int
    }

    private let pages: [Page]
    private let ttlMilliseconds: Int
    private let cacheScope: CacheScope

    init(_ entries: [CatalogEntry], ttlMilliseconds: Int, cacheScope: CacheScope, limits: PageLimits) {
        let bracket = UInt8(ascii: "[")
        var pages: [Page] = []
        var page = Page(start: 0, items: [bracket], count: 0)
        for (index, entry) in entries.enumerated() {
            let isFull = page.count >= limits.items || page.items.count + entry.bytes.count + 1 > limits.bytes
            if page.count > 0 && isFull {
                page.items.append(UInt8(ascii: "]"))
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

    /// - Parameters:
    ///   - offset: of the page's first item; nil is returned where no page begins.
    ///   - cursor: gives the text of a cursor to an offset.
    func page(at offset: Int, cursor: (Int) -> String) -> ListPage? {
        guard let index = pages.firstIndex(where: { $0.start == offset }) else { return nil }
        let page = pages[index]
        let next = index + 1 < pages.count ? [UInt8]("\"\(cursor(pages[index + 1].start))\"".utf8) : nil
        return ListPage(
            items: page.items, count: page.count, nextCursor: next, ttlMilliseconds: ttlMilliseconds,
            cacheScope: cacheScope)
    }
}
