import Wire

/// What a `subscriptions/listen` asks to hear of.
package struct SubscriptionFilter: Hashable, Sendable {
    /// The most resources that one stream may follow.
    package static let maxResources = 1024
    /// The most tasks that one stream may follow.
    package static let maxTasks = 256

    package var toolsListChanged = false
    package var promptsListChanged = false
    package var resourcesListChanged = false
    /// Resource URIs, unescaped.
    package var resources: [String] = []
    /// Tasks of the extension `io.modelcontextprotocol/tasks`.
    package var taskIDs: [String] = []

    package init() {}

    package var wantsLists: Bool { toolsListChanged || promptsListChanged || resourcesListChanged }

    /// Whether nothing is asked for.
    package var isEmpty: Bool {
        !wantsLists && resources.isEmpty
    }

    /// Reads `params.notifications`.
    package init(params: JSONView) throws(Refusal) {
        guard let filter = params["notifications"], filter.kind == .object else {
            throw .badParameter("notifications")
        }
        toolsListChanged = filter["toolsListChanged"]?.bool ?? false
        promptsListChanged = filter["promptsListChanged"]?.bool ?? false
        resourcesListChanged = filter["resourcesListChanged"]?.bool ?? false
        taskIDs = try Self.texts(filter["taskIds"], "taskIds", max: Self.maxTasks)
        guard let uris = filter["resourceSubscriptions"] else { return }
        guard uris.kind == .array else { throw .badParameter("resourceSubscriptions") }
        for uri in uris.elements {
            guard let text = uri.string, resources.count < Self.maxResources else {
                throw .badParameter("resourceSubscriptions")
            }
            resources.append(text)
        }
    }

    private static func texts(
        _ value: JSONView?, _ name: String, max: Int
    ) throws(Refusal) -> [String] {
        guard let value else { return [] }
        guard value.kind == .array else { throw .badParameter(name) }
        var texts: [String] = []
        for element in value.elements {
            guard let text = element.string, texts.count < max else { throw .badParameter(name) }
            texts.append(text)
        }
        return texts
    }

    /// Whether a stream with this filter carries such a notification.
    package func wants(_ method: Method, uri: String? = nil) -> Bool {
        switch method {
        case .toolsListChanged: toolsListChanged
        case .promptsListChanged: promptsListChanged
        case .resourcesListChanged: resourcesListChanged
        case .resourceUpdated: uri.map { resources.contains($0) } ?? false
        default: false
        }
    }

    /// The raw JSON object, with only what is wanted.
    package var raw: [UInt8] {
        var writer = JSONWriter(capacity: 96)
        writer.beginObject()
        if toolsListChanged { writer.field("toolsListChanged", true) }
        if promptsListChanged { writer.field("promptsListChanged", true) }
        if resourcesListChanged { writer.field("resourcesListChanged", true) }
        if !resources.isEmpty {
            writer.key("resourceSubscriptions")
            writer.beginArray()
            for uri in resources { writer.value(uri) }
            writer.endArray()
        }
        if !taskIDs.isEmpty {
            writer.key("taskIds")
            writer.beginArray()
            for id in taskIDs { writer.value(id) }
            writer.endArray()
        }
        writer.endObject()
        return writer.bytes
    }
}
