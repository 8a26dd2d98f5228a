/// One row of `attune ls tools`.
package struct ToolRow: Hashable, Sendable {
    package var name: String
    package var server: String
    package var upstreamName: String
    package var title: String?
}
