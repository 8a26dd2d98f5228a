import Identifiers

/// What one server listed, all pages of each kind.
package struct ServerListing: Sendable {
    package var server: ServerID
    /// nil where the server does not offer the kind (it then has no part in merged caching hints either).
    package var tools: ItemList?
    package var prompts: ItemList?
    package var resources: ItemList?
    package var resourceTemplates: ItemList?

    package init(server: ServerID) { self.server = server }

    package subscript(kind: ListKind) -> ItemList? {
        get {
            switch kind {
            case .tools: tools
            case .prompts: prompts
            case .resources: resources
            case .resourceTemplates: resourceTemplates
            }
        }
        set {
            switch kind {
            case .tools: tools = newValue
            case .prompts: prompts = newValue
            case .resources: resources = newValue
            case .resourceTemplates: resourceTemplates = newValue
            }
        }
    }
}
