import Sessions
import Wire

/// Hears one server's announcements about tasks that a modern client listens for, and hands them on. Confined
/// to the client's loop.
final class TaskListener: @unchecked Sendable {
    // Proof of Sendable: all methods and callbacks run on `loop`.
    private let group: TaskGroup
    private let loop: LoopGateway
    private let client: Listener
    private var stream: ServerEventStream?
    private var requestID: Int?

    init(_ group: TaskGroup, for client: Listener, on loop: LoopGateway) {
        self.group = group
        self.client = client
        self.loop = loop
    }

    func start() {
        var filter = SubscriptionFilter()
        filter.taskIDs = Array(group.exposed.keys)
        let meta = ModernMeta(
            identity: loop.gateway.identity, capabilities: TaskBridge.requiredCapabilities,
            version: group.facts.version)
        let (hub, loop, facts, link) = (group.hub, self.loop, group.facts, group.link)
        guard hub.plan.transport == .http else {
            let id = loop.takeRequestID()
            requestID = id
            guard hub.hearTasks(id, { [weak self] in self?.heard($0, $1) }) else { return }
            return link.post(GatewayMessages.listen(id: id, filter, meta: meta), from: loop)
        }
        let stream = ServerEventStream(link: link, loop: loop) { _, observer in
            let body = GatewayMessages.listen(id: loop.takeRequestID(), filter, meta: meta)
            return loop.pool(of: hub).post(body, .own(.listen, facts), observer)
        } heard: { [weak self] message, frame in
            self?.heard(message, frame)
        }
        self.stream = stream
        stream.start()
    }

    func stop() {
        stream?.stop()
        stream = nil
        guard let requestID else { return }
        group.hub.hearTasks(requestID, nil)
        group.link.post(GatewayMessages.cancelled(requestID: Array(String(requestID).utf8)), from: loop)
    }

    /// Called on any loop.
    private func heard(_ message: [UInt8], _ frame: Frame) {
        guard Method(of: frame, in: message) == .tasks, let id = TaskBridge.taskID(message, frame),
            let name = group.exposed[id]
        else { return }
        let renamed = TaskBridge.request(message, frame, taskID: name)
        guard let frame = try? Scanner.scan(renamed, limits: loop.gateway.scanLimits) else { return }
        client.offer(NotificationBridge.tagged(renamed, frame, subscriptionID: client.id))
    }
}
