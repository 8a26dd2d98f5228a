import Wire

/// What a server says it offers, as flags.
package struct ServerCapabilities: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let tools = ServerCapabilities(rawValue: 1 << 0)
    package static let toolsListChanged = ServerCapabilities(rawValue: 1 << 1)
    package static let prompts = ServerCapabilities(rawValue: 1 << 2)
    package static let promptsListChanged = ServerCapabilities(rawValue: 1 << 3)
    package static let resources = ServerCapabilities(rawValue: 1 << 4)
    package static let resourcesListChanged = ServerCapabilities(rawValue: 1 << 5)
    package static let resourcesSubscribe = ServerCapabilities(rawValue: 1 << 6)
    package static let completions = ServerCapabilities(rawValue: 1 << 7)
    package static let logging = ServerCapabilities(rawValue: 1 << 8)
    /// The tasks of 2025-11-25, of any kind.
    package static let tasks = ServerCapabilities(rawValue: 1 << 9)
    package static let tasksList = ServerCapabilities(rawValue: 1 << 10)
    package static let tasksCancel = ServerCapabilities(rawValue: 1 << 11)
    /// Calls of tools as tasks (2025-11-25).
    package static let tasksOfTools = ServerCapabilities(rawValue: 1 << 12)
    /// The modern era's extension for tasks.
    package static let tasksExtension = ServerCapabilities(rawValue: 1 << 13)

    /// Reads a `capabilities` object; what is no object counts as absent.
    package init(_ capabilities: JSONView) {
        self = []
        guard capabilities.kind == .object else { return }
        for (key, _, value) in capabilities.members where value.kind == .object {
            switch key {
            case "tools":
                insert(.tools)
                if value["listChanged"]?.bool == true { insert(.toolsListChanged) }
            case "prompts":
                insert(.prompts)
                if value["listChanged"]?.bool == true { insert(.promptsListChanged) }
            case "resources":
                insert(.resources)
                if value["listChanged"]?.bool == true { insert(.resourcesListChanged) }
                if value["subscribe"]?.bool == true { insert(.resourcesSubscribe) }
            case "completions": insert(.completions)
            case "logging": insert(.logging)
            case "tasks":
                insert(.tasks)
                if value["list"]?.kind == .object { insert(.tasksList) }
                if value["cancel"]?.kind == .object { insert(.tasksCancel) }
                if value["requests"]?["tools"]?["call"]?.kind == .object { insert(.tasksOfTools) }
            case "extensions":
                if value.member(TaskBridge.extensionName)?.kind == .object { insert(.tasksExtension) }
            default: break
            }
        }
    }
}
