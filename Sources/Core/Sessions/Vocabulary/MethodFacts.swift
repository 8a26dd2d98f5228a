/// What the revisions say about each method.
extension Method {
    package enum Sender: Hashable, Sendable { case client, server }

    /// The parameter that says what a request is about.
    package enum Target: Hashable, Sendable { case none, name, uri, reference, taskID }

    /// Whether this is a notification: it has no id and gets no answer.
    package var isNotification: Bool { rawValue >= Method.initialized.rawValue }

    package var target: Target {
        switch self {
        case .toolsCall, .promptsGet: .name
        case .resourcesRead, .resourcesSubscribe, .resourcesUnsubscribe, .resourceUpdated: .uri
        case .completionComplete: .reference
        case .tasksGet, .tasksResult, .tasksCancel, .tasksUpdate: .taskID
        default: .none
        }
    }

    /// The parameter that a modern HTTP request repeats in its `Mcp-Name` field.
    package var headerTarget: Target {
        switch self {
        case .toolsCall, .promptsGet: .name
        case .resourcesRead: .uri
        case .tasksGet, .tasksCancel, .tasksUpdate: .taskID
        default: .none
        }
    }

    /// The key of a list result's array; nil for a method that is no list of the catalog.
    package var listKey: StaticString? {
        switch self {
        case .toolsList: "tools"
        case .promptsList: "prompts"
        case .resourcesList: "resources"
        case .resourceTemplatesList: "resourceTemplates"
        default: nil
        }
    }

    /// Whether a modern complete result carries `ttlMs` and `cacheScope` (server/utilities/caching).
    package var carriesCacheHints: Bool {
        switch self {
        case .discover, .toolsList, .promptsList, .resourcesList, .resourceTemplatesList, .resourcesRead: true
        default: false
        }
    }

    /// Whether a modern server may answer `resultType: "input_required"`.
    package var mayRequireInput: Bool {
        self == .toolsCall || self == .promptsGet || self == .resourcesRead
    }

    /// Whether the protocol itself makes sending the request twice harmless.
    package var isSafeToRepeat: Bool {
        switch self {
        case .ping, .discover, .toolsList, .promptsList, .promptsGet, .resourcesList, .resourceTemplatesList,
            .resourcesRead, .completionComplete, .tasksGet, .tasksList, .rootsList:
            true
        default: false
        }
    }

    /// Whether a client asks about a task with it.
    package var concernsTasks: Bool {
        switch self {
        case .tasksGet, .tasksResult, .tasksCancel, .tasksList, .tasksUpdate: true
        default: false
        }
    }

    /// What a server must offer before the request makes sense; nil if any server answers it.
    package var requiredCapability: ServerCapabilities? {
        switch self {
        case .toolsList, .toolsCall: .tools
        case .promptsList, .promptsGet: .prompts
        case .resourcesList, .resourceTemplatesList, .resourcesRead: .resources
        case .resourcesSubscribe, .resourcesUnsubscribe: .resourcesSubscribe
        case .completionComplete: .completions
        case .loggingSetLevel: .logging
        case .tasksGet, .tasksResult, .tasksCancel, .tasksList: .tasks
        default: nil
        }
    }

    /// The revisions in which `sender` may send this; nil if none.
    package func versions(from sender: Sender) -> ClosedRange<ProtocolVersion>? {
        sender == .client ? clientVersions : serverVersions
    }

    /// Whether the core of `version` lets `sender` send this.
    package func exists(in version: ProtocolVersion, from sender: Sender) -> Bool {
        versions(from: sender)?.contains(version) ?? false
    }

    private var clientVersions: ClosedRange<ProtocolVersion>? {
        switch self {
        case .initialize, .ping, .resourcesSubscribe, .resourcesUnsubscribe, .loggingSetLevel, .initialized,
            .progress, .rootsListChanged:
            .november2024 ... .november2025
        case .toolsList, .toolsCall, .promptsList, .promptsGet, .resourcesList, .resourceTemplatesList,
            .resourcesRead, .completionComplete, .cancelled:
            .november2024 ... .july2026
        case .tasksGet, .tasksResult, .tasksCancel, .tasksList, .taskStatus: .november2025 ... .november2025
        case .discover, .listen: .july2026 ... .july2026
        default: nil
        }
    }

    private var serverVersions: ClosedRange<ProtocolVersion>? {
        switch self {
        case .ping, .samplingCreateMessage, .rootsList: .november2024 ... .november2025
        case .elicitationCreate: .june2025 ... .november2025
        case .tasksGet, .tasksResult, .tasksCancel, .tasksList, .taskStatus, .elicitationCompleted:
            .november2025 ... .november2025
        case .cancelled, .progress, .message, .resourcesListChanged, .resourceUpdated, .promptsListChanged,
            .toolsListChanged:
            .november2024 ... .july2026
        case .subscriptionsAcknowledged: .july2026 ... .july2026
        default: nil
        }
    }
}
