/// The four lists that an MCP server offers.
package enum ListKind: UInt8, CaseIterable, Sendable {
    case tools, prompts, resources, resourceTemplates

    package var method: StaticString {
        switch self {
        case .tools: "tools/list"
        case .prompts: "prompts/list"
        case .resources: "resources/list"
        case .resourceTemplates: "resources/templates/list"
        }
    }

    /// The member of a list result that holds the items.
    package var itemsKey: StaticString {
        switch self {
        case .tools: "tools"
        case .prompts: "prompts"
        case .resources: "resources"
        case .resourceTemplates: "resourceTemplates"
        }
    }

    /// The member of an item by which clients refer to it.
    package var nameKey: String {
        switch self {
        case .tools, .prompts: "name"
        case .resources: "uri"
        case .resourceTemplates: "uriTemplate"
        }
    }
}
