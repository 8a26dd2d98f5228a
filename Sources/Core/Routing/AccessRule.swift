/// What some principals may see and how much they may do.
package struct AccessRule: Hashable, Sendable {
    package var principals: [Glob]
    /// Configured names of servers.
    package var servers: ToolFilter
    /// Exposed names of tools; prompts and resources go with their servers.
    package var tools: ToolFilter
    package var profiles: ToolFilter
    package var limits: CallLimits

    package init(
        principals: [Glob], servers: ToolFilter = .all, tools: ToolFilter = .all,
        profiles: ToolFilter = .all, limits: CallLimits = CallLimits()
    ) {
        self.principals = principals
        self.servers = servers
        self.tools = tools
        self.profiles = profiles
        self.limits = limits
    }

    /// Whether lists look different under the rule.
    package var restrictsLists: Bool { servers != .all || tools != .all }

    package func names(_ principal: String) -> Bool { principals.contains { $0.matches(principal) } }
}
