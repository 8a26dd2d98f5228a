import Identifiers
import Sessions
import Wire

// Tasks of servers behind one address: those of 2025-11-25, and those of the modern era's extension.
extension LoopGateway {
    /// The most requests of one loop that wait for a task's result.
    static let maxTaskResults = 1_024

    /// Answers a request about a task.
    func task(_ incoming: Incoming) {
        if let hub = incoming.client.endpoint.hub {
            guard view.mixesTasks(of: hub) else { return forward(incoming, Call.Target(hub: hub)) }
            guard hub.facts != nil else { return awaitServer(incoming, hub) }
        }
        let message = incoming.message
        let frame = incoming.frame
        let hubs = taskHubs(of: incoming.client)
        let era = incoming.client.era
        guard hubs.contains(where: { $0.offersTasks(era) }) else {
            return fail(incoming, .methodNotFound(incoming.method.text, era))
        }
        if era == .modern, !TaskBridge.isDeclared(message, frame) {
            return fail(incoming, .capabilityMissing(required: TaskBridge.requiredCapabilities))
        }
        if incoming.method == .tasksList { return gatherTasks(incoming, hubs) }
        guard let id = TaskBridge.taskID(message, frame) else {
            return fail(incoming, .badParameter("taskId"))
        }
        guard let task = gateway.tasks.open(id, of: incoming.client.taskOwner),
            let hub = hubs.first(where: { $0.plan.name == task.server }),
            let own = incoming.about(
                TaskBridge.request(message, frame, taskID: task.id), limits: gateway.scanLimits)
        else {
            let error = RPCError(
                code: ErrorCode.invalidParams, message: "Failed to retrieve task: Task not found")
            return fail(incoming, error)
        }
        forward(own, Call.Target(hub: hub))
    }

    /// What a server makes of tasks is known once it was there.
    private func awaitServer(_ incoming: Incoming, _ hub: ServerHub) {
        wait(for: [hub], incoming) {
            guard hub.facts == nil else { return self.task(incoming) }
            Call(incoming, Call.Target(hub: hub), on: self).refuseUnready()
        }
    }

    /// The servers at the client's address, as its principal uses them.
    func taskHubs(of client: Incoming.Client) -> [ServerHub] {
        view.hubs(at: client.endpoint).map { view.variant(of: $0, for: client.principal) }
    }

    /// `tasks/list` over all servers that the client's session has to do with.
    private func gatherTasks(_ incoming: Incoming, _ hubs: [ServerHub]) {
        guard incoming.frame.paramsCursor.isEmpty else { return fail(incoming, .badParameter("cursor")) }
        let sources = hubs.compactMap { hub -> TaskGathering.Source? in
            if let (link, facts) = hub.commonLink() {
                return facts.offers(.tasksList)
                    ? TaskGathering.Source(link: link, facts: facts, isShared: true) : nil
            }
            guard let link = incoming.client.session?.openLink(to: hub), let facts = link.facts,
                facts.offers(.tasksList)
            else { return nil }
            return TaskGathering.Source(link: link, facts: facts, isShared: false)
        }
        guard park(incoming) else { return }
        TaskGathering(sources, for: incoming.client.taskOwner, on: self) { tasks in
            guard self.parked.remove(incoming.callID) != nil else { return }
            self.answer(incoming, Array("{\"tasks\":[".utf8) + tasks + Array("]}".utf8))
        }.start()
    }

    /// A server's message with the ids of tasks as the client knows them.
    func exposingTasks(_ message: [UInt8], of hub: ServerHub, to client: Incoming.Client) -> [UInt8] {
        guard let frame = try? Scanner.scan(message, limits: gateway.scanLimits) else { return message }
        let owner = client.taskOwner
        return TaskBridge.exposing(message, frame) { id in
            gateway.tasks.expose(TaskIDs.Task(server: hub.plan.name, id: id), to: owner)
        }
    }
}

extension ServerHub {
    /// Whether the server offers the tasks that clients of an era know.
    func offersTasks(_ era: Era) -> Bool {
        facts.map { $0.era == era && $0.offers(era == .modern ? .tasksExtension : .tasks) } ?? false
    }
}

extension Incoming {
    /// The same request with other words; nil if they are no request.
    func about(_ message: [UInt8], limits: ScanLimits) -> Incoming? {
        guard let frame = try? Scanner.scan(message, limits: limits), frame.kind == .request else {
            return nil
        }
        return Incoming(
            callID: callID, message: message, frame: frame, method: method, client: client, reply: reply,
            start: start, exchange: exchange, parameterFields: parameterFields)
    }
}
