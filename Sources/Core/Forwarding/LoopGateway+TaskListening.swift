import Sessions
import Wire

// Modern clients that listen for their tasks.
extension LoopGateway {
    /// Takes out of a filter the tasks that no server can be asked about, and gives those that stay.
    /// - Returns: nil if the request was refused.
    func agreeOnTasks(_ filter: inout SubscriptionFilter, _ incoming: Incoming) -> [TaskGroup]? {
        guard !filter.taskIDs.isEmpty else { return [] }
        guard TaskBridge.isDeclared(incoming.message, incoming.frame) else {
            fail(incoming, .capabilityMissing(required: TaskBridge.requiredCapabilities))
            return nil
        }
        var groups: [TaskGroup] = []
        filter.taskIDs = filter.taskIDs.filter { name in
            guard let (hub, id) = task(named: name, incoming.client), let (link, facts) = hub.commonLink(),
                facts.offers(.tasksExtension)
            else { return false }
            if let index = groups.firstIndex(where: { $0.hub === hub }) {
                groups[index].exposed[id] = name
            } else {
                groups.append(TaskGroup(hub: hub, link: link, facts: facts, exposed: [id: name]))
            }
            return true
        }
        return groups
    }

    private func task(named name: String, _ client: Incoming.Client) -> (ServerHub, String)? {
        if let hub = client.endpoint.hub, !view.mixesTasks(of: hub) { return (hub, name) }
        guard let task = gateway.tasks.open(name, of: client.taskOwner),
            let hub = taskHubs(of: client).first(where: { $0.plan.name == task.server })
        else { return nil }
        return (hub, task.id)
    }

    /// Listens for tasks until the client does no more.
    func follow(_ groups: [TaskGroup], _ client: Listener) {
        for group in groups {
            let listener = TaskListener(group, for: client, on: self)
            client.whenEnded { self.run { listener.stop() } }
            listener.start()
        }
    }
}

/// Tasks of one server that a client listens for.
struct TaskGroup {
    let hub: ServerHub
    let link: UpstreamLink
    let facts: ServerFacts
    /// By the server's id: the client's.
    var exposed: [String: String]
}
