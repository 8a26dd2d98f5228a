import Sessions
import Wire

// What servers say unasked about the session's tasks.
extension LegacySession {
    var taskOwner: TaskIDs.Owner { TaskIDs.Owner(principal: principal, era: .legacy) }

    /// A server's message with the ids of tasks as the client knows them; at the server's own address, those
    /// are the server's, unless it takes all principals for one.
    /// - Parameter isRequest: true for what the client is asked, whose own tasks it may be about.
    func exposingTasks(_ message: [UInt8], from hub: ServerHub, isRequest: Bool = false) -> [UInt8] {
        let server = hub.plan.name
        guard !isTransparent(to: server) || gateway.view.mixesTasks(of: hub),
            let frame = try? Scanner.scan(message, limits: gateway.scanLimits), !frame.params.isEmpty
        else { return message }
        if isRequest, !TaskBridge.isRelated(message, frame) { return message }
        let owner = taskOwner
        return TaskBridge.exposing(message, frame, relationOnly: isRequest) { id in
            gateway.tasks.expose(TaskIDs.Task(server: server, id: id), to: owner)
        }
    }

    /// The progress of a call that became a task, under the client's own token; nil if it is of no such call.
    func restoringTaskProgress(_ message: [UInt8], of link: UpstreamLink) -> [UInt8]? {
        guard let frame = try? Scanner.scan(message, limits: gateway.scanLimits),
            let token = link.taskToken(of: message, frame, in: self),
            let restored = NotificationBridge.restoringProgressToken(message, frame, token)
        else { return nil }
        return exposingTasks(restored, from: link.hub)
    }
}

extension UpstreamLink {
    /// The client's token for the progress of a call that became a task of its session.
    func taskToken(of message: [UInt8], _ frame: Frame, in session: LegacySession) -> [UInt8]? {
        guard !frame.params.isEmpty,
            let number = JSONView(message, frame.params)["progressToken"]?.int.flatMap(Int.init(exactly:))
        else { return nil }
        return taskProgress.withLock { $0.token(number, of: session.publicName) }
    }
}
