import Identifiers
import Sessions
import Synchronization
import Wire

/// One protocol session with one server: a process and its standard streams, or a session (or none) over
/// HTTP.
///
/// Opened lazily, used from any loop, never reopened: when it breaks, its holder makes another.
final class UpstreamLink: @unchecked Sendable {
    // Proof of Sendable: `hub`, `owner`, `identity` and the closures are immutable, `shared` has its lock,
    // and everything else is touched on the owner's loop alone.
    enum Phase: Sendable { case idle, opening, ready, dead }

    private struct Shared {
        var facts: ServerFacts?
        var phase = Phase.idle
        var level = LinkLevel()
    }

    struct Waiter: Sendable {
        let loop: LoopGateway
        let completion: @Sendable (Result<ServerFacts, LinkFailure>) -> Void
    }

    let hub: ServerHub
    let owner: LoopGateway
    let identity: ClientIdentity
    /// The legacy client's session that the link serves alone.
    weak let session: LegacySession?
    /// Whether the link serves modern clients, all of one principal.
    let servesModern: Bool
    /// What the server has asked and not been answered.
    let openRequests = Mutex(OpenServerRequests())
    let taskProgress = Mutex(TaskProgress())
    private let shared = Mutex(Shared())
    private let unsolicited: @Sendable (_ message: [UInt8], Method) -> Void
    private let onReady: @Sendable (UpstreamLink) -> Void
    private let onClosed: @Sendable (UpstreamLink, LinkFailure) -> Void

    // Confined to the owner's loop.
    private var waiters: [Waiter] = []
    var handshake: LinkHandshake?
    var channel: (any ProcessChannel & Sendable)?
    private var pending: [Int: ProcessLinkRequest] = [:]
    /// Listen requests, apart from those that are answered soon.
    private var listens: [Int: ProcessLinkRequest] = [:]
    private var stream: ServerEventStream?
    private var streamReasons: StreamReasons = []
    static let maxWaiters = 10_000

    /// - Parameters:
    ///   - session: whose client may be asked what its identity declares.
    ///   - unsolicited: takes notifications that belong to no request, on any loop.
    ///   - onReady: called on the owner's loop when the link is open, ahead of the first request.
    ///   - onClosed: hears, on the owner's loop, that a link that was ready broke or was closed.
    init(
        hub: ServerHub, owner: LoopGateway, identity: ClientIdentity, session: LegacySession? = nil,
        servesModern: Bool = false,
        unsolicited: @escaping @Sendable (_ message: [UInt8], Method) -> Void = { _, _ in },
        onReady: @escaping @Sendable (UpstreamLink) -> Void = { _ in },
        onClosed: @escaping @Sendable (UpstreamLink, LinkFailure) -> Void = { _, _ in }
    ) {
        self.hub = hub
        self.owner = owner
        self.identity = identity
        self.session = session
        self.servesModern = servesModern
        self.unsolicited = unsolicited
        self.onReady = onReady
        self.onClosed = onClosed
    }

    var facts: ServerFacts? { shared.withLock { $0.phase == .ready ? $0.facts : nil } }
    var isDead: Bool { shared.withLock { $0.phase == .dead } }
    var hasSessionID: Bool { shared.withLock { $0.facts?.sessionID != nil } }

    func withLevel<Value>(_ body: (inout LinkLevel) -> Value) -> Value { shared.withLock { body(&$0.level) } }

    // MARK: Opening

    /// Opens the link if it is not open yet.
    /// - Parameter completion: called on `loop`; at once if the link is ready.
    func open(
        from loop: LoopGateway, _ completion: @escaping @Sendable (Result<ServerFacts, LinkFailure>) -> Void
    ) {
        if let facts { return completion(.success(facts)) }
        owner.run { self.openHere(Waiter(loop: loop, completion: completion)) }
    }

    private func openHere(_ waiter: Waiter) {
        owner.assertCurrent()
        let (phase, facts) = shared.withLock { shared -> (Phase, ServerFacts?) in
            defer { if shared.phase == .idle { shared.phase = .opening } }
            return (shared.phase, shared.facts)
        }
        switch phase {
        case .ready: return answer(waiter, facts.map { .success($0) } ?? .failure(.removed))
        case .dead: return answer(waiter, .failure(.broken("the session has ended")))
        case .idle, .opening: break
        }
        guard waiters.count < Self.maxWaiters else {
            return answer(waiter, .failure(.overloaded(retryAfterSeconds: 1)))
        }
        waiters.append(waiter)
        guard phase == .idle else { return }
        if let refusal = hub.links.insert(self) { return opened(.failure(refusal)) }
        let handshake = LinkHandshake(link: self)
        self.handshake = handshake
        handshake.start()
    }

    private func answer(_ waiter: Waiter, _ result: Result<ServerFacts, LinkFailure>) {
        waiter.loop.run { waiter.completion(result) }
    }

    /// The handshake ended. Called on the owner's loop.
    func opened(_ result: Result<ServerFacts, LinkFailure>) {
        owner.assertCurrent()
        switch result {
        case .success(let facts):
            let isAlive = shared.withLock { shared -> Bool in
                guard shared.phase == .opening else { return false }
                shared.facts = facts
                shared.phase = .ready
                return true
            }
            guard isAlive else { return }
            handshake = nil
            hub.rememberEra(facts.era)
            updateStream()
            onReady(self)
            let waiting = waiters
            waiters = []
            for waiter in waiting { answer(waiter, result) }
        case .failure(let failure):
            hub.keepStandardError(channel?.standardErrorTail ?? [])
            die(failure)
        }
    }

    // MARK: Requests

    /// Sends a request whose answer the observer hears on `loop`.
    /// - Parameters:
    ///   - id: the integer that stands as the id in `body`; unique over all loops.
    ///   - isListen: whether the request asks for notifications rather than for an answer.
    func send(
        _ body: [UInt8], id: Int, _ headers: UpstreamHeaders, from loop: LoopGateway,
        _ observer: any LinkObserver, isListen: Bool = false
    ) -> any LinkRequest {
        switch hub.plan.transport {
        case .http:
            let request = HTTPLinkRequest(id: id, link: self, loop: loop, observer: observer)
            request.start(body, headers, loop.pool(of: hub))
            return request
        case .process:
            let request = ProcessLinkRequest(
                id: id, link: self, loop: loop, observer: observer, isListen: isListen)
            owner.run { self.write(body, request) }
            return request
        }
    }

    /// Sends a notification or an answer; what the server makes of it is not awaited.
    func post(_ body: [UInt8], from loop: LoopGateway) {
        guard let facts else { return }
        switch hub.plan.transport {
        case .http: AsidePost.send(body, .session(facts), to: loop.pool(of: hub), on: loop)
        case .process:
            owner.run {
                // A server that does not read is not owed such messages without end.
                if let channel = self.channel, channel.isWritable {
                    channel.write(SingleLine.flattened(body))
                }
            }
        }
    }

    private func write(_ body: [UInt8], _ request: ProcessLinkRequest) {
        owner.assertCurrent()
        guard let channel, !isDead else {
            return request.deliver(.broken("the server's process has ended"))
        }
        guard channel.isWritable else {
            return request.deliver(.overloaded(retryAfterSeconds: 1))
        }
        if request.isListen { listens[request.id] = request } else { pending[request.id] = request }
        channel.write(SingleLine.flattened(body))
    }

    /// Tells a legacy server that the answer to `id` has no reader any more.
    func tellCancelled(_ id: Int, from loop: LoopGateway) {
        if hub.plan.transport == .process {
            owner.run {
                self.pending[id] = nil
                self.listens[id] = nil
            }
        }
        guard let facts, hub.plan.transport == .process || facts.version.era == .legacy else { return }
        post(GatewayMessages.cancelled(requestID: Array(String(id).utf8)), from: loop)
    }

    /// Hands on a notification that came with a request's answer, or unasked (then `observer` is nil).
    /// Callable on any loop.
    func sort(_ message: [UInt8], _ frame: Frame, for observer: (any LinkObserver)?) {
        let method = Method(of: frame, in: message)
        switch method {
        case .toolsListChanged, .promptsListChanged, .resourcesListChanged:
            hub.listChanged()
            unsolicited(message, method)
        case .cancelled: tookBack(message, frame)
        case .initialized: break
        case .tasks where hub.plan.transport == .process: hub.heardTask(message, frame)
        default:
            if let observer { observer.notified(message, frame) } else { unsolicited(message, method) }
        }
    }

    /// Hands on what came with a request's answer and belongs to no request. Callable on any loop.
    func unasked(_ message: [UInt8], _ method: Method) { unsolicited(message, method) }

    // MARK: What the server sends unasked over HTTP

    /// Whether the holder wants to hear, for this reason, what a legacy server over HTTP sends unasked.
    /// Callable on any loop.
    func hear(_ wanted: Bool, for reason: StreamReasons) { hear(for: reason) { wanted } }

    /// - Parameter isWanted: called once, on the owner's loop.
    func hear(for reason: StreamReasons, if isWanted: @escaping @Sendable () -> Bool) {
        guard hub.plan.transport == .http else { return }
        owner.run {
            if isWanted() {
                self.streamReasons.insert(reason)
            } else {
                self.streamReasons.remove(reason)
            }
            self.updateStream()
        }
    }

    private func updateStream() {
        owner.assertCurrent()
        guard !streamReasons.isEmpty, let facts, facts.era == .legacy else {
            stream?.stop()
            stream = nil
            return
        }
        guard stream == nil else { return }
        let owner = self.owner
        let stream = ServerEventStream(link: self, loop: owner) { [hub] lastEventID, observer in
            owner.pool(of: hub).listen(.session(facts, after: lastEventID), observer)
        } heard: { [weak self] message, frame in
            self?.sort(message, frame, for: nil)
        } refused: { [weak self] status in
            guard let self, status == 404, self.hasSessionID else { return }
            self.die(.sessionLost)
        }
        self.stream = stream
        stream.start()
    }

    // MARK: Ending

    /// Ends the link from the gateway's side; callable on any loop.
    func close(_ failure: LinkFailure = .removed) {
        let facts = self.facts
        die(failure)
        guard hub.plan.transport == .http, let facts, facts.sessionID != nil else { return }
        owner.run { self.owner.pool(of: self.hub).delete(UpstreamHeaders.session(facts)) }
    }

    /// The link broke, or is given up: it is dead when this returns, and cleared away on the owner's loop.
    /// Callable on any loop.
    func die(_ failure: LinkFailure) {
        let phase = shared.withLock { shared -> Phase in
            defer { shared.phase = .dead }
            return shared.phase
        }
        guard phase != .dead else { return }
        hub.links.remove(self)
        for request in openRequests.withLock({ $0.close() }) { request.drop() }
        owner.run { self.clear(failure, wasReady: phase == .ready) }
    }

    private func clear(_ failure: LinkFailure, wasReady: Bool) {
        owner.assertCurrent()
        handshake?.abandon()
        handshake = nil
        stream?.stop()
        stream = nil
        let waiting = waiters
        waiters = []
        for waiter in waiting { answer(waiter, .failure(failure)) }
        let requests = Array(pending.values) + Array(listens.values)
        pending = [:]
        listens = [:]
        for request in requests { request.deliver(failure) }
        channel?.terminate()
        channel = nil
        if wasReady { onClosed(self, failure) }
    }
}

// MARK: What a process writes

extension UpstreamLink: LineReceiver {
    func received(_ line: [UInt8]) {
        owner.assertCurrent()
        let frame: Frame
        do throws(ScanError) {
            frame = try Scanner.scan(line, limits: owner.gateway.scanLimits)
        } catch {
            // Servers print to standard output by mistake; one stray line must not end their session.
            hub.log.warn("a line of standard output is not JSON", ["reason": .string("\(error)")])
            return
        }
        switch frame.kind {
        case .batch:
            for element in (try? Batch.elements(line, frame, max: 100)) ?? [] {
                received(Array(line[element.range]))
            }
        case .result, .error: answered(line, frame)
        case .notification: notified(line, frame)
        case .request: asked(line, frame, during: nil, on: owner)
        case .invalid: hub.log.warn("a line of standard output is not a JSON-RPC message")
        }
    }

    private func answered(_ line: [UInt8], _ frame: Frame) {
        if let handshake { return handshake.received(line, frame) }
        guard frame.idKind == .integer, let id = JSONView(line, frame.id).int.flatMap(Int.init(exactly:)),
            let request = pending.removeValue(forKey: id) ?? listens.removeValue(forKey: id)
        else { return }
        request.deliver(line, frame)
    }

    private func notified(_ line: [UInt8], _ frame: Frame) {
        switch Method(of: frame, in: line) {
        case .progress:
            let token = JSONView(line, frame.params)["progressToken"]?.int.flatMap(Int.init(exactly:))
            if let token, let request = pending[token] {
                request.deliverNotification(line, frame)
            } else {
                // Of a call that became a task.
                sort(line, frame, for: nil)
            }
        case .message where pending.count == 1, .elicitationCompleted where pending.count == 1:
            pending.first?.value.deliverNotification(line, frame)
        case .subscriptionsAcknowledged, .resourceUpdated, .tasks:
            let id = NotificationBridge.subscriptionID(line, frame).flatMap(Int.init(exactly:))
            guard let id, let listen = listens[id] else { return sort(line, frame, for: nil) }
            listen.deliverNotification(line, frame)
        default: sort(line, frame, for: nil)
        }
    }

    func skippedOversizedLine() {
        hub.log.warn("the server sent a message beyond the size limit")
        // Whose answer it was cannot be known, so all that wait hear of it rather than wait for their
        // deadline.
        let requests = pending.values
        pending = [:]
        for request in requests { request.deliver(.messageTooLarge) }
    }

    func becameWritable() {}

    func closed() {
        hub.keepStandardError(channel?.standardErrorTail ?? [])
        // The process may have closed its streams without ending.
        channel?.terminate()
        channel = nil
        if let handshake, handshake.processEnded() { return }
        die(.broken("the server's process ended"))
    }
}
