/// One page of a merged list, rendered.
package struct ListPage: Sendable {
    /// The JSON array of the items.
    package var items: [UInt8]
    package var count: Int
    /// A JSON string, quotes included; nil on the last page.
    package var nextCursor: [UInt8]?
    package var ttlMilliseconds: Int
    package var cacheScope: CacheScope
}
