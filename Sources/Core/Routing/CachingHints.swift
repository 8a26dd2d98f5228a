/// The caching hints of a merged list.
struct CachingHints: Sendable {
    var ttlMilliseconds: Int
    var scope: CacheScope
}
