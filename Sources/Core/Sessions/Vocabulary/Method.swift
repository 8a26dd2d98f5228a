import Wire

/// Every method and notification of every revision, and of the task extension.
package enum Method: UInt8, CaseIterable, Hashable, Sendable {
    /// A method that no known revision or extension defines.
    case other

    case initialize, ping
    case discover, listen
    case toolsList, toolsCall
    case promptsList, promptsGet
    case resourcesList, resourceTemplatesList, resourcesRead, resourcesSubscribe, resourcesUnsubscribe
    case completionComplete, loggingSetLevel
    case tasksGet, tasksResult, tasksCancel, tasksList, tasksUpdate

    case samplingCreateMessage, rootsList, elicitationCreate

    case initialized, cancelled, progress, rootsListChanged
    case message, resourcesListChanged, resourceUpdated, promptsListChanged, toolsListChanged
    case taskStatus, tasks, elicitationCompleted, subscriptionsAcknowledged

    /// The method's name on the wire; empty for `.other`.
    package var text: String {
        switch self {
        case .other: ""
        case .initialize: "initialize"
        case .ping: "ping"
        case .discover: "server/discover"
        case .listen: "subscriptions/listen"
        case .toolsList: "tools/list"
        case .toolsCall: "tools/call"
        case .promptsList: "prompts/list"
        case .promptsGet: "prompts/get"
        case .resourcesList: "resources/list"
        case .resourceTemplatesList: "resources/templates/list"
        case .resourcesRead: "resources/read"
        case .resourcesSubscribe: "resources/subscribe"
        case .resourcesUnsubscribe: "resources/unsubscribe"
        case .completionComplete: "completion/complete"
        case .loggingSetLevel: "logging/setLevel"
        case .tasksGet: "tasks/get"
        case .tasksResult: "tasks/result"
        case .tasksCancel: "tasks/cancel"
        case .tasksList: "tasks/list"
        case .tasksUpdate: "tasks/update"
        case .samplingCreateMessage: "sampling/createMessage"
        case .rootsList: "roots/list"
        case .elicitationCreate: "elicitation/create"
        case .initialized: "notifications/initialized"
        case .cancelled: "notifications/cancelled"
        case .progress: "notifications/progress"
        case .rootsListChanged: "notifications/roots/list_changed"
        case .message: "notifications/message"
        case .resourcesListChanged: "notifications/resources/list_changed"
        case .resourceUpdated: "notifications/resources/updated"
        case .promptsListChanged: "notifications/prompts/list_changed"
        case .toolsListChanged: "notifications/tools/list_changed"
        case .taskStatus: "notifications/tasks/status"
        case .tasks: "notifications/tasks"
        case .elicitationCompleted: "notifications/elicitation/complete"
        case .subscriptionsAcknowledged: "notifications/subscriptions/acknowledged"
        }
    }

    /// The method that `frame` names in `bytes`; `.other` if it is unknown or absent.
    ///
    /// - Complexity: a few comparisons of the name's bytes, without allocation unless the name is written
    ///   with escapes.
    package init(of frame: Frame, in bytes: [UInt8]) {
        guard !frame.method.isEmpty else {
            self = .other
            return
        }
        if frame.methodHasEscapes {
            let quoted = ByteRange(start: frame.method.start &- 1, end: frame.method.end &+ 1)
            self.init(Array((JSONView(bytes, quoted).string ?? "").utf8)[...])
        } else {
            self.init(bytes[frame.method.range])
        }
    }

    /// The method named by `name`, without quotes and escapes; `.other` if it is unknown.
    package init(_ name: ArraySlice<UInt8>) {
        self = .other
        guard name.count < MethodNames.table.byLength.count else { return }
        for candidate in MethodNames.table.byLength[name.count]
        where MethodNames.equal(MethodNames.table.bytes[Int(candidate.rawValue)], name) {
            self = candidate
            return
        }
    }

    package init(_ text: String) { self.init(Array(text.utf8)[...]) }
}

/// The methods' names as bytes, and grouped by their length.
private struct MethodNames {
    let bytes: [[UInt8]]
    let byLength: [[Method]]

    static let table = MethodNames()

    init() {
        bytes = Method.allCases.map { Array($0.text.utf8) }
        var groups = [[Method]](repeating: [], count: (bytes.map(\.count).max() ?? 0) + 1)
        for method in Method.allCases where method != .other {
            groups[bytes[Int(method.rawValue)].count].append(method)
        }
        byLength = groups
    }

    /// Compares from the end, because names of one length often share their beginning.
    static func equal(_ known: [UInt8], _ name: ArraySlice<UInt8>) -> Bool {
        var index = known.count
        while index > 0 {
            index -= 1
            if known[index] != name[name.startIndex + index] { return false }
        }
        return true
    }
}
