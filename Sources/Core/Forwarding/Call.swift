import Identifiers
import Routing
import Sessions
import Synchronization
import Telemetry
import Wire

/// One client's request on its way to a server and back: from the place in the server's queue to the answer
/// and the record of it. Confined to the loop of its client.
final class Call: LinkObserver, @unchecked Sendable {
    // Proof of Sendable: other loops only hold references; every method is run on `loop`.
    enum State { case new, auditing, queued, opening, sent, asking, done }

    /// Where the request goes and as what.
    struct Target {
        var hub: ServerHub
        /// What the client called it; for the record.
        var label = ""
        /// The server's own name, raw JSON; nil leaves the client's.
        var name: [UInt8]?
        /// The server's own URI, raw JSON; nil leaves the client's.
        var uri: [UInt8]?
        /// The header fields that a tool's arguments are mirrored in; nil for most tools.
        var parameters: ParameterHeaders?
        /// The URI that the client used where the server's own conflicts with another's.
        var exposedURI: [UInt8]?
        /// What the client called it, in the shared region; 0 if that is to be looked up.
        var observedID: UInt32 = 0
    }

    let loop: LoopGateway
    let incoming: Incoming
    private(set) var target: Target
    /// What the loop knows the call by.
    let requestID: Int
    /// The JSON-RPC id towards the server, which is the progress token as well; another one in each round.
    var wireID: Int
    /// How the client names the request, to cancel it.
    let key: Incoming.Key?
    var deadline: MonotonicTime
    /// What the server asks of the client meanwhile.
    var asks: [ServerRequest] = []
    /// What is left of the call's time once the client has answered, in nanoseconds.
    var nanosecondsLeft: UInt64 = 0
    /// What a modern server asks of the legacy client before it goes on.
    var round: InputRound?
    var rounds = 0
    /// What a legacy server has asked the modern client, and keeps the request at the server meanwhile.
    var parking: ParkedCall?
    /// What the next attempt adds to the request's parameters: the client's answers.
    var inputs: [(key: String, value: [UInt8])] = []
    let advice: AdviceBook.Entry
    var state = State.new
    private var holdsPlace = false
    var request: (any LinkRequest)?
    var link: UpstreamLink?
    var facts: ServerFacts?
    private(set) var attempts = 0
    private var runStart: MonotonicTime?
    /// When its first turn came.
    private(set) var queueEnd: MonotonicTime?
    private(set) var upstreamStart: MonotonicTime?
    private var progressToken: [UInt8]?
    /// The client's place in a distributed trace, if the request has one that can be continued.
    let trace: TraceParent?
    /// What the server answered, for the record.
    private(set) var serverAnswer: CallObserver.Payload?
    private(set) var isAbandoned = false
    /// Counted among its principal's calls.
    var isLimited = false
    private(set) var hasRelisted = false
    /// The audit log has, or will have, an entry of its start.
    var wasNoted = false

    var hub: ServerHub { target.hub }

    init(_ incoming: Incoming, _ target: Target, on loop: LoopGateway) {
        self.incoming = incoming
        self.target = target
        self.loop = loop
        requestID = loop.takeRequestID()
        wireID = requestID
        key = incoming.key
        advice = loop.view.advice.entry(target.hub.plan.id)
        deadline = incoming.start
        if !incoming.frame.progressToken.isEmpty {
            progressToken = Array(incoming.message[incoming.frame.progressToken.range])
        }
        let parent = incoming.frame.traceparent
        trace = parent.isEmpty ? nil : TraceParent(JSONView(incoming.message, parent))
        deadline = wholeDeadline
    }

    /// When the call's time is over, whatever else bounds it for a while.
    var wholeDeadline: MonotonicTime {
        let milliseconds =
            incoming.method == .tasksResult
            ? Self.taskResultMilliseconds : advice.advice.deadlineMilliseconds
        return incoming.start.advanced(byMilliseconds: milliseconds)
    }

    /// When it is worth trying again where there was no room for a call.
    private static let fullRetryMilliseconds = 1_000

    // MARK: Towards the server

    func start() {
        guard loop.insert(self) else {
            return fail(.overloaded, retryAfterMilliseconds: Self.fullRetryMilliseconds)
        }
        if passesAudit() { queue() }
    }

    /// Takes a place in the server's queue.
    func queue() {
        state = .queued
        if incoming.method == .tasksResult { return awaitTask() }
        let verdict = hub.admission.withLock { $0.admit(self, priority: .interactive) }
        switch verdict {
        case .run: run()
        case .queued: break
        case .refused(let milliseconds):
            state = .new
            fail(.overloaded, retryAfterMilliseconds: milliseconds)
        }
    }

    /// Answers that the server is not there, without asking it.
    func refuseUnready() { fail(.upstreamUnavailable(.notReady)) }

    /// Answers that its client asks too much, without asking the server.
    func refuseOverLimit(retryAfterMilliseconds: Int) {
        fail(.limitReached, retryAfterMilliseconds: retryAfterMilliseconds)
    }

    /// The call's turn has come.
    func run() {
        loop.assertCurrent()
        holdsPlace = true
        guard state == .queued else { return releasePlace() }
        proceed()
    }

    func proceed() {
        let now = loop.now
        // Its turn came after its time was over, and before the clock's next tick.
        guard now <= deadline else { return timeOut() }
        runStart = now
        if queueEnd == nil { queueEnd = now }
        state = .opening
        findLink()
    }

    private func findLink() {
        attempts += 1
        if let (link, facts) = hub.commonLink() { return send(link, facts) }
        hub.settle(from: loop) { status in
            guard self.state == .opening else { return }
            switch status.state {
            case .up: self.openLink()
            case .removed: self.fail(.removed)
            case .starting, .down: self.fail(.unreachable(status.lastError ?? "it has not started"))
            }
        }
    }

    private func openLink() {
        if let (link, facts) = hub.commonLink() { return send(link, facts) }
        let own =
            incoming.client.session.map { $0.link(to: hub, on: loop) }
            ?? hub.link(for: incoming.client.principal, declaring: incoming.declared, on: loop)
        guard let link = own else { return fail(.broken("the client's session has ended")) }
        link.open(from: loop) { result in
            guard self.state == .opening else { return }
            switch result {
            case .success(let facts): self.send(link, facts)
            case .failure(let failure): self.fail(failure)
            }
        }
    }

    private func send(_ link: UpstreamLink, _ facts: ServerFacts) {
        if incoming.method.concernsTasks, facts.era != incoming.client.era { return refuseTasks() }
        if facts.era == .legacy, facts.offers(.logging), awaitsLevel(link, facts) { return }
        self.link = link
        self.facts = facts
        state = .sent
        if facts.era == .legacy, incoming.client.era == .modern, resumes() { return }
        var body = RequestBridge.rewrite(
            incoming.message, incoming.frame, method: incoming.method, edit(facts))
        if !inputs.isEmpty { body = InputBridge.adding(inputs, to: body, loop.gateway.scanLimits) }
        upstreamStart = loop.now
        let request = link.send(body, id: wireID, headers(facts), from: loop, self)
        if state == .sent { self.request = request }
    }

    /// Tells a legacy server that serves more than one client what this call's wants to hear, if it has not
    /// been told; what others did not ask for they are not passed.
    /// - Returns: whether the call is sent later.
    private func awaitsLevel(_ link: UpstreamLink, _ facts: ServerFacts) -> Bool {
        link.awaitLevel(link.session == nil ? incoming.logLevel : nil, from: loop) {
            if self.state == .opening { self.send(link, facts) }
        }
    }

    private func edit(_ facts: ServerFacts) -> RequestEdit {
        let number = Array(String(wireID).utf8)
        let crossing: RequestEdit.Crossing =
            switch (incoming.client.era, facts.era) {
            case (.legacy, .modern):
                .toModern(
                    ModernMeta(
                        identity: incoming.identity(loop.gateway),
                        capabilities: incoming.client.session?.modernCapabilities ?? RPCResult.empty,
                        logLevel: levelForModernServer, version: facts.version))
            case (.modern, .legacy): .toLegacy
            default: .none
            }
        return RequestEdit(
            id: number, name: target.name, uri: target.uri,
            progressToken: progressToken == nil ? nil : number,
            traceparent: trace?.continued(span: UInt64.random(in: 1...UInt64.max)), crossing: crossing)
    }

    /// What a legacy client hears of a modern server: its level, or everything while it has set none, as a
    /// legacy server may send (logging/setLevel of 2025-11-25); a modern one sends nothing unasked.
    private var levelForModernServer: Sessions.LogLevel? {
        incoming.client.session.map { $0.logLevel ?? .debug }
    }

    private func headers(_ facts: ServerFacts) -> UpstreamHeaders {
        guard hub.plan.transport == .http else { return UpstreamHeaders() }
        guard facts.era == .modern else { return .session(facts) }
        let message = incoming.message
        var name: String?
        switch incoming.method.headerTarget {
        case .name: name = target.name.flatMap(Self.text) ?? MessageText.name(message, incoming.frame)
        case .uri: name = target.uri.flatMap(Self.text) ?? MessageText.uri(message, incoming.frame)
        case .taskID: name = MessageText.headerTarget(message, incoming.frame, incoming.method)
        case .none, .reference: break
        }
        return .modern(
            facts.version, methodName: MessageText.method(message, incoming.frame), target: name,
            parameters: parameterHeaders())
    }

    private func parameterHeaders() -> [(name: String, value: String)] {
        guard let fields = target.parameters else { return incoming.parameterFields }
        let arguments = incoming.frame.paramsArguments
        return fields.values(
            arguments: arguments.isEmpty ? nil : JSONView(incoming.message, arguments),
            beside: incoming.parameterFields)
    }

    private static func text(_ raw: [UInt8]) -> String? {
        JSONView(raw, ByteRange(start: 0, end: UInt32(raw.count))).string
    }

    // MARK: What comes back

    func notified(_ message: [UInt8], _ frame: Frame) {
        guard state == .sent, !isAbandoned || incoming.reply.isResumable else { return }
        // Where reading can't be held up, a slow client misses what it may miss.
        let canPause = incoming.exchange != nil && !isAbandoned && hub.plan.transport == .http
        guard canPause || incoming.reply.isWritable else { return }
        var bytes = message
        let method = Method(of: frame, in: message)
        switch method {
        case .progress:
            guard let token = isOwnProgress(message, frame) ? progressToken : taskToken(message, frame),
                let restored = NotificationBridge.restoringProgressToken(message, frame, token)
            else { return }
            bytes = restored
        case .message:
            guard let level = NotificationBridge.logLevel(message, frame), incoming.wants(level) else {
                return
            }
        case .elicitationCompleted where facts?.era == incoming.client.era: break
        case .taskStatus where facts?.era == incoming.client.era: break
        case _
        where hub === incoming.client.endpoint.hub && facts?.era == incoming.client.era
            && (method != .resourceUpdated || hub.commonLink()?.0 !== link):
            break
        case .resourceUpdated:
            // Whoever follows the resource hears of it, not whoever called.
            link?.unasked(message, .resourceUpdated)
            return
        default: return
        }
        incoming.reply.notify(exposingTasks(bytes, frame, method))
        if canPause, !incoming.reply.isWritable { request?.pauseReading(true) }
    }

    /// A server may mistake one request for another; what is not of this one is not for its client.
    private func isOwnProgress(_ message: [UInt8], _ frame: Frame) -> Bool {
        !frame.params.isEmpty
            && JSONView(message, frame.params)["progressToken"]?.int == Int64(wireID)
    }

    /// The client reads again.
    func resume() { request?.pauseReading(false) }

    /// The client went away, but its request goes on: nobody reads what comes, so nothing waits for a reader.
    func abandon() {
        isAbandoned = true
        incoming.reply.clientLeft()
        request?.pauseReading(false)
    }

    func answered(_ message: [UInt8], _ frame: Frame) {
        loop.assertCurrent()
        guard state == .sent, let facts else { return }
        request = nil
        if loop.observer != nil || loop.gateway.audit != nil {
            serverAnswer = CallObserver.Payload(
                message: message, range: frame.kind == .error ? frame.error : frame.result)
        }
        if frame.kind == .error, relists(after: frame, facts) || asksForPages(message, frame, facts) {
            return
        }
        if InputRequired.isResult(message, frame), let refusal = inputRefusal(message, frame) {
            return refuse(refusal)
        }
        let outcome = ResultBridge.bridge(
            message, frame,
            ResultContext(
                id: incoming.id, method: incoming.method, client: incoming.client.era, server: facts.era,
                serverInfo: facts.serverInfo,
                allowsExtensionResults: incoming.client.endpoint.hub != nil,
                allowsTasks: isTask(frame) && TaskBridge.isDeclared(incoming.message, incoming.frame)))
        switch outcome {
        case .answer(let answer):
            guard frame.kind == .error else {
                if let progressToken, isAugmented { keepTaskToken(progressToken) }
                reply(loop.shown(answer, frame, of: self), status: 200)
                return finish(frame.resultIsError ? .toolError : .ok, errorCode: 0)
            }
            // The code that the client sees, which may be another era's.
            let seen = (try? Scanner.scan(answer, limits: loop.gateway.scanLimits))?.errorCode
            let code = seen ?? frame.errorCode ?? 0
            reply(answer, status: RPCError(code: code, message: "").httpStatus(in: incoming.client.era))
            finish(.rpcError, errorCode: code)
        case .inputRequired:
            askForInput(message, frame)
        case .violation(let violation): fail(.upstreamProtocolError(violation))
        }
    }

    /// A server that refuses header fields may have changed the tool that asks for them: its lists are asked
    /// for and the call is sent once more (2026-07-28, basic/transports, "Custom headers").
    private func relists(after error: Frame, _ facts: ServerFacts) -> Bool {
        guard error.errorCode == ErrorCode.headerMismatch, facts.era == .modern, !hasRelisted,
            hub.plan.transport == .http, incoming.method == .toolsCall
        else { return false }
        hasRelisted = true
        state = .opening
        hub.relist(from: loop) {
            guard self.state == .opening else { return }
            let name = self.target.name.flatMap(Self.text) ?? self.target.label
            self.target.parameters = self.loop.parameters(of: name, at: self.hub)
            self.findLink()
        }
        return true
    }

    func failed(_ failure: LinkFailure) {
        loop.assertCurrent()
        guard state == .sent else { return }
        request = nil
        if failure == .sessionLost { link?.die(failure) }
        if case .unreachable = failure { hub.noteUnreachable(failure) }
        if mayRepeat(after: failure) {
            state = .opening
            return findLink()
        }
        fail(failure)
    }

    /// A lost session proves that the request was not carried out; a broken connection proves nothing, so
    /// only what the protocol makes harmless is sent again.
    private func mayRepeat(after failure: LinkFailure) -> Bool {
        guard parking == nil, attempts < advice.advice.maxAttempts else { return false }
        return switch failure {
        case .sessionLost: true
        case .broken: incoming.method.isSafeToRepeat
        default: false
        }
    }

    // MARK: Ending

    /// The deadline has passed.
    func timeOut() {
        guard state != .done else { return }
        if state == .auditing { return auditTimedOut() }
        request?.cancel()
        // The server has answered; it is the client that did not.
        if state == .asking { return refuse(InputFailure.timedOut.rpcError) }
        fail(.upstreamTimeout(afterMilliseconds: advice.advice.deadlineMilliseconds))
    }

    /// The client gave up: it gets no answer.
    func cancel() {
        guard state != .done else { return }
        request?.cancel()
        incoming.reply.drop()
        finish(.cancelled, errorCode: 0)
    }

    /// The gateway stops before the answer came.
    func gatewayStops() {
        guard state != .done else { return }
        request?.cancel()
        fail(.draining)
    }

    /// The server left the configuration while the call waited for its turn.
    func serverRemoved() { loop.run { self.fail(.removed) } }

    private func fail(_ failure: LinkFailure) {
        switch failure {
        case .unreachable: fail(.upstreamUnavailable(.notReached), detail: failure.text)
        case .broken, .sessionLost: fail(.upstreamUnavailable(.lostInFlight), detail: failure.text)
        case .timedOut(let milliseconds): fail(.upstreamTimeout(afterMilliseconds: milliseconds))
        case .messageTooLarge:
            fail(.messageTooLarge(limitBytes: loop.gateway.scanLimits.maxBytes))
        case .malformed: fail(.upstreamProtocolError(.notAMessage), detail: failure.text)
        case .refused(let status) where status == 401 || status == 403:
            fail(.upstreamUnavailable(.unauthorized(httpStatus: status)))
        case .refused(let status): fail(.upstreamProtocolError(.httpStatus(status)))
        case .overloaded, .noConnectionFree:
            fail(
                .overloaded, retryAfterMilliseconds: failure.retryAfterMilliseconds, detail: failure.text)
        case .removed: fail(.upstreamUnavailable(.notReady), detail: failure.text)
        }
    }

    /// Answers that the call can't go on for want of something of the client's.
    func refuse(_ error: RPCError) {
        reply(error.answer(id: incoming.id), status: error.httpStatus(in: incoming.client.era))
        finish(.refused, errorCode: error.code)
    }

    func fail(
        _ kind: GatewayFailure.Kind, retryAfterMilliseconds: Int? = nil, detail: String? = nil
    ) {
        guard state != .done else { return }
        let failure = GatewayFailure(
            kind, server: hub.plan.name, tool: target.label.isEmpty ? nil : target.label,
            callID: incoming.callID.text, retryAfterMilliseconds: retryAfterMilliseconds)
        if let detail {
            loop.gateway.log.debug("call failed", call: incoming.callID, ["reason": .string(detail)])
        }
        let asToolResult =
            incoming.method == .toolsCall && !loop.view.plan.failuresAreErrors
            && failure.isReadByModels
        let answer = failure.answer(
            id: incoming.id, asToolResult: asToolResult, era: incoming.client.era,
            serverInfo: loop.gateway.serverInfo)
        reply(answer, status: 200)
        finish(failure.outcome, errorCode: failure.code)
    }

    private(set) var answerBytes = 0

    func reply(_ answer: [UInt8], status: Int) {
        answerBytes = answer.count
        incoming.reply.answer(answer, status: status, callID: incoming.callID)
    }

    func finish(_ outcome: CallRecord.Outcome, errorCode: Int) {
        loop.assertCurrent()
        guard state != .done else { return }
        let wasQueued = state == .queued && !holdsPlace
        state = .done
        request = nil
        loop.remove(self)
        if !asks.isEmpty || round != nil { endAsks(answered: outcome == .ok || outcome == .toolError) }
        if wasQueued { _ = hub.admission.withLock { $0.withdraw { $0 === self } } }
        record(outcome, errorCode: errorCode)
        releasePlace()
    }

    func releasePlace() {
        guard holdsPlace else { return }
        holdsPlace = false
        let milliseconds = runStart.map { Int(loop.now.nanoseconds(since: $0) / 1_000_000) }
        guard let next = hub.admission.withLock({ $0.finished(afterMilliseconds: milliseconds) }) else {
            return
        }
        // Never from here: a line of calls that fail at once would stack up.
        next.loop.loop.execute { next.run() }
    }
}
