import Identifiers
import Sessions
import Synchronization
import Wire

/// A legacy client's session and the links to servers that serve it alone. Used from any loop.
final class LegacySession: Sendable {
    private struct Announcement: Hashable {
        let server: String
        let method: Method
    }

    private struct Shared {
        /// nil on a stream whose client has not sent `initialize` yet.
        var agreed: ClientSession?
        /// The client's capabilities as modern servers are told them.
        var modernCapabilities = RPCResult.empty
        var links: [ServerID: UpstreamLink] = [:]
        var stream: ClientStream?
        var asked = ClientRequestTable()
        var follower: ResourceFollower?
        /// The generation of the lists when the client's last stream broke; nil while it has one.
        var catalogAtDetach: UInt64?
        /// Ends the listening for a client that does not come back.
        var deafening: (any ScheduledWork)?
        /// What the client was passed of servers' own announcements, and not yet by the gateway.
        var announcements: [Announcement: MonotonicTime] = [:]
        var lastUse: MonotonicTime
        var isEnded = false
    }

    let id: String
    /// A random number, the same in every gateway that serves the session.
    let number: UInt64
    /// What logs and the admin API call the session: a session id is a secret.
    let publicName: String
    /// The same in the shared region; 0 where there is none.
    let observedID: UInt32
    let principal: Principal
    let endpointPath: String
    let start: MonotonicTime
    /// What the session's streams have carried lately.
    let events: EventLog
    let gateway: Gateway
    private let shared: Mutex<Shared>

    init(
        id: String, number: UInt64, principal: Principal, endpointPath: String, gateway: Gateway,
        now: MonotonicTime
    ) {
        self.id = id
        self.number = number
        let digits = String(UInt32(truncatingIfNeeded: number), radix: 16)
        publicName = "s-" + String(repeating: "0", count: 8 - digits.count) + digits
        observedID = gateway.observation?.names.session(publicName) ?? 0
        self.principal = principal
        self.endpointPath = endpointPath
        self.gateway = gateway
        events = EventLog(budget: gateway.eventBudget)
        start = now
        shared = Mutex(Shared(lastUse: now))
    }

    // MARK: What was agreed

    /// The client's `initialize` agreed on a version.
    /// - Parameter isInitialized: true for a session that is taken over.
    /// - Returns: false if the session had agreed on one already.
    func agree(_ request: InitializeRequest, isInitialized: Bool = false, now: MonotonicTime) -> Bool {
        shared.withLock { shared in
            guard shared.agreed == nil else { return false }
            shared.modernCapabilities = InputBridge.modernCapabilities(request.capabilities)
            shared.agreed = ClientSession(
                id: id, request: request, principal: principal, endpoint: endpointPath,
                isInitialized: isInitialized, now: now)
            return true
        }
    }

    /// The client's `initialize` failed, and it may try again.
    func disagree() { shared.withLock { $0.agreed = nil } }

    var version: ProtocolVersion { shared.withLock { $0.agreed?.version ?? .latestLegacy } }
    var isInitialized: Bool { shared.withLock { $0.agreed?.isInitialized ?? false } }
    var logLevel: LogLevel? { shared.withLock { $0.agreed?.logLevel } }
    var lastUse: MonotonicTime { shared.withLock { $0.lastUse } }

    func wants(_ level: LogLevel) -> Bool { shared.withLock { $0.agreed?.wants(level) ?? true } }

    /// The client's own `clientInfo` and capabilities, as it gave them.
    var identity: ClientIdentity { shared.withLock { $0.agreed?.identity } ?? gateway.identity }

    /// The client's capabilities as modern servers are told them: a raw JSON object.
    var modernCapabilities: [UInt8] { shared.withLock { $0.modernCapabilities } }

    /// The client does something.
    func use(now: MonotonicTime) { shared.withLock { $0.lastUse = max($0.lastUse, now) } }

    /// The client's name and version as it gave them; empty if it gave none.
    var clientName: String {
        guard let info = shared.withLock({ $0.agreed?.identity.info }) else { return "" }
        let view = JSONView(info, ByteRange(start: 0, end: UInt32(clamping: info.count)))
        return [view["name"]?.string, view["version"]?.string].compactMap(\.self).joined(separator: " ")
    }

    /// Whether the session is this principal's, opened at this address.
    func belongs(to principal: Principal, at path: String) -> Bool {
        self.principal == principal && endpointPath == path
    }

    /// Takes note of a request or notification, or says why it is refused.
    func receive(
        _ message: [UInt8], _ frame: Frame, _ method: Method, at endpoint: Endpoint, inBatch: Bool = false,
        now: MonotonicTime
    ) -> Refusal? {
        let name = method == .other ? MessageText.method(message, frame) : method.text
        let params =
            method == .loggingSetLevel && !frame.params.isEmpty ? JSONView(message, frame.params) : nil
        return shared.withLock { shared in
            shared.lastUse = now
            guard shared.agreed != nil else { return method == .ping ? nil : .notInitialized }
            return shared.agreed?.receive(
                method, named: name, params: params, inBatch: inBatch, passesUnknown: endpoint.hub != nil,
                now: now)
        }
    }

    // MARK: Links to servers

    /// The session's link to `hub`, made if there is none that lives; nil once the session has ended.
    /// - Parameter loop: owns a new link to a server over HTTP.
    func link(to hub: ServerHub, on loop: LoopGateway) -> UpstreamLink? {
        let owner = hub.plan.transport == .process ? hub.home : loop
        let identity = self.identity
        return shared.withLock { shared -> UpstreamLink? in
            guard !shared.isEnded else { return nil }
            // A server whose configuration changed is another one, and ends by itself.
            if let link = shared.links[hub.plan.id], !link.isDead, link.hub === hub { return link }
            shared.links = shared.links.filter { !$0.value.isDead }
            let link = UpstreamLink(
                hub: hub, owner: owner, identity: identity, session: self,
                unsolicited: { [weak self, weak hub] message, method in
                    if let hub { self?.pass(message, method, from: hub) }
                },
                onReady: { [weak self] link in self?.opened(link) },
                onClosed: { [number, weak hub] link, _ in hub?.linkEnded(link, of: .session(number)) })
            shared.links[hub.plan.id] = link
            return link
        }
    }

    var links: [UpstreamLink] { shared.withLock { Array($0.links.values) } }

    /// The link to `hub`, if it has one.
    func openLink(to hub: ServerHub) -> UpstreamLink? {
        shared.withLock { $0.links[hub.plan.id] }.flatMap { $0.hub === hub && !$0.isDead ? $0 : nil }
    }

    /// Tells a new link what the client has said before. Called on the link's loop.
    private func opened(_ link: UpstreamLink) {
        if let logLevel { link.setLevel(logLevel, from: link.owner) }
        link.hear(stream != nil, for: .session)
    }

    /// A notification of a server that belongs to no request: log messages go to every client, the rest only
    /// to one that talks to the server as it is. Called on any loop.
    private func pass(_ message: [UInt8], _ method: Method, from hub: ServerHub) {
        guard isInitialized, stream != nil || events.hasGeneral else { return }
        let isTransparent = isTransparent(to: hub.plan.name)
        switch method {
        case .message:
            guard let frame = try? Scanner.scan(message, limits: gateway.scanLimits),
                let level = NotificationBridge.logLevel(message, frame), wants(level)
            else { return }
            send(message, isDroppable: true)
        case .toolsListChanged, .promptsListChanged, .resourcesListChanged:
            let now = gateway.clock()
            let announcement = Announcement(server: hub.plan.name, method: method)
            shared.withLock { $0.announcements[announcement] = now }
            offer(message)
        case .elicitationCompleted: send(message, isDroppable: false)
        case .resourceUpdated:
            // The session's own server says what its client should hear.
            if isTransparent {
                offer(message)
            } else {
                hub.resourceUpdated(message, .session(number))
            }
        case .taskStatus:
            send(exposingTasks(message, from: hub), isDroppable: true)
        case .progress:
            guard let link = links.first(where: { $0.hub === hub }),
                let restored = restoringTaskProgress(message, of: link)
            else { return }
            send(restored, isDroppable: true)
        default: if isTransparent { send(message, isDroppable: true) }
        }
    }

    /// What of changed lists the client has not just heard of from their own servers. Of each of a server's
    /// announcements the gateway's next is taken for its echo, and no other.
    func untold(_ changes: ListChanges) -> ListChanges {
        let now = gateway.clock()
        return shared.withLock { shared in
            var untold = changes
            for (announcement, time) in shared.announcements {
                let server = announcement.server
                let echo = ListChanges(announcement.method, of: server)
                let isRecent = now < time.advanced(byMilliseconds: Self.announcementMilliseconds)
                guard !isRecent || changes.overlaps(echo, at: server) else { continue }
                shared.announcements[announcement] = nil
                if isRecent { untold.remove(echo, at: server) }
            }
            return untold
        }
    }

    /// How soon after a server's own announcement the gateway's, made after it listed again, comes at the
    /// latest.
    static let announcementMilliseconds = 2_000

    // MARK: Resources that the client follows

    /// Made when the client first follows one; nil once the session has ended.
    func follower(at endpoint: Endpoint) -> ResourceFollower? {
        shared.withLock { shared in
            guard !shared.isEnded else { return nil }
            if let follower = shared.follower { return follower }
            let follower = ResourceFollower(
                .session(self), at: endpoint, subscriptionID: nil, gateway: gateway
            ) { [weak self] in self?.offer($0) }
            shared.follower = follower
            return follower
        }
    }

    func unfollow(_ uri: String) { shared.withLock { $0.follower }?.unfollow(uri) }

    // MARK: The stream

    var stream: ClientStream? { shared.withLock { $0.stream } }

    /// The stream; without one `body` runs, and none is attached before it has.
    func stream(orElse body: () -> Void) -> ClientStream? {
        shared.withLock { shared in
            if shared.stream == nil { body() }
            return shared.stream
        }
    }

    /// Takes the place of an earlier stream, which ends; if the session has ended, so does the stream.
    /// - Parameter replay: sends what the client has missed, ahead of all else.
    func attach(_ stream: ClientStream, replay: () -> Void = {}) {
        let (ending, links) = shared.withLock { shared -> (ClientStream?, [UpstreamLink]) in
            guard !shared.isEnded else { return (stream, []) }
            shared.deafening.take()?.cancel()
            defer { shared.stream = stream }
            return (shared.stream, Array(shared.links.values))
        }
        ending?.end()
        for link in links { link.hear(true, for: .session) }
        replay()
        deliverUnsent()
    }

    /// Called on the stream's loop.
    /// - Parameters:
    ///   - now: from when on the session is idle.
    ///   - catalog: the generation of the lists that the client has been told of.
    func detach(_ stream: ClientStream, now: MonotonicTime, catalog: UInt64) {
        let isResumable = events.hasGeneral
        let deaf = shared.withLock { shared -> [UpstreamLink] in
            guard shared.stream === stream else { return [] }
            shared.stream = nil
            shared.catalogAtDetach = catalog
            shared.lastUse = max(shared.lastUse, now)
            guard isResumable else { return Array(shared.links.values) }
            // The client may come back for what its servers send meanwhile.
            shared.deafening = stream.loop.schedule(after: .milliseconds(Self.resumptionMilliseconds)) {
                [weak self] in
                if let self, self.stream == nil { self.deafen(self.links) }
            }
            return []
        }
        deafen(deaf)
    }

    private func deafen(_ links: [UpstreamLink]) {
        for link in links { link.hear(false, for: .session) }
    }

    /// Which lists the client has been told of when its stream broke, if it has; asked once.
    func takeCatalogAtDetach() -> UInt64? { shared.withLock { $0.catalogAtDetach.take() } }

    // MARK: What the client is asked

    func openRequest(_ make: (Int) -> ClientRequest) -> ClientRequest? {
        shared.withLock { $0.isEnded ? nil : $0.asked.open(make) }
    }

    func findRequest(_ id: Int) -> ClientRequest? { shared.withLock { $0.asked.find(id) } }

    /// - Returns: nil if it was closed already.
    func closeRequest(_ id: Int) -> ClientRequest? {
        let request = shared.withLock { $0.asked.remove(id) }
        request?.settle()
        return request
    }

    var unsentRequests: [ClientRequest] { shared.withLock { $0.asked.unsent } }
    var openRequestCount: Int { shared.withLock { $0.asked.count } }

    /// Ends the session: its stream and its links to servers.
    func end() {
        let (stream, links, asked, follower) = shared.withLock { shared in
            shared.isEnded = true
            shared.deafening.take()?.cancel()
            defer {
                shared.stream = nil
                shared.links = [:]
                shared.follower = nil
            }
            return (
                shared.stream, Array(shared.links.values), shared.asked.removeAll(), shared.follower
            )
        }
        for request in asked { request.settle() }
        follower?.end()
        events.close()
        stream?.end()
        for link in links { link.close(.broken("the client's session has ended")) }
    }
}
