/// `[[security.rules]]`: what some principals may see and do; the first rule that names a principal counts.
package struct AccessRuleConfiguration: Sendable, Equatable {
    /// What is allowed (all, if empty) less what is denied; globs.
    package struct Names: Sendable, Equatable {
        package var allow: [String] = []
        package var deny: [String] = []

        package init() {}
    }

    /// Globs.
    package var principals: [String]
    package var servers = Names()
    /// By their exposed names.
    package var tools = Names()
    package var profiles = Names()
    package var maxConcurrency: Int?
    /// Calls a second.
    package var rate: Double?
    /// Calls at once.
    package var burst: Int?

    package init(principals: [String]) { self.principals = principals }
}
