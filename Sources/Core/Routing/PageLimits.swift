/// How much one page of a merged list holds; a single larger item makes a page of its own.
package struct PageLimits: Hashable, Sendable {
    package var items: Int
    package var bytes: Int

    package static let standard = PageLimits(items: 1_000, bytes: 1 << 20)

    package init(items: Int, bytes: Int) {
        self.items = max(1, items)
        self.bytes = max(1, bytes)
    }
}
