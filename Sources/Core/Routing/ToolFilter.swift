/// The tools that the operator lets through: everything in `allow` (all, if it is empty) that is not in
/// `deny`.
package struct ToolFilter: Hashable, Sendable {
    package var allow: [Glob]
    package var deny: [Glob]

    package static let all = ToolFilter()

    package init(allow: [Glob] = [], deny: [Glob] = []) {
        self.allow = allow
        self.deny = deny
    }

    package func admits(_ name: String) -> Bool {
        if allow.isEmpty && deny.isEmpty { return true }
        let bytes = [UInt8](name.utf8)
        if deny.contains(where: { $0.matches(bytes.span) }) { return false }
        return allow.isEmpty || allow.contains { $0.matches(bytes.span) }
    }
}
