/// The caching hints of a modern result (2026-07-28, server/utilities/caching).
package struct CacheHints: Hashable, Sendable {
    package enum Scope: String, Hashable, Sendable { case `private`, `public` }

    package var ttlMilliseconds: Int
    package var scope: Scope

    package init(ttlMilliseconds: Int, scope: Scope) {
        self.ttlMilliseconds = max(0, ttlMilliseconds)
        self.scope = scope
    }

    /// Says that the result is stale at once and nobody else's.
    package static let none = CacheHints(ttlMilliseconds: 0, scope: .private)
}
