/// Who may share a cached result (MCP 2026-07-28, server/utilities/caching).
package enum CacheScope: UInt8, Sendable {
    case `public`
    case `private`
}
