import Identifiers
import Sessions
import Wire

// What comes over HTTP.
extension LoopGateway: HTTPFront {
    enum Place {
        case mcp(Endpoint)
        /// The stream of the 2024-11-05 transport.
        case events(Endpoint)
        /// Where that transport's client posts.
        case messages
        /// The principal may not use the address.
        case forbidden
    }

    package func received(_ request: HTTPRequest, _ exchange: any HTTPExchange) {
        if view.isOpen { serve(request, exchange) } else { admit(request, exchange) }
    }

    /// - Parameter request: of a known principal.
    func serve(_ request: HTTPRequest, _ exchange: any HTTPExchange) {
        switch place(request.path, of: request.principal) {
        case .mcp(let endpoint)?:
            switch request.verb {
            case .post: post(request, exchange, endpoint)
            // The modern era has neither streams nor sessions beside its POSTs, and ignores their fields.
            case .get where isModern(request), .delete where isModern(request):
                refuse(exchange, 405, allow: "POST")
            case .get: openStream(request, exchange, endpoint)
            case .delete: endSession(request, exchange)
            default: refuse(exchange, 405, allow: "GET, POST, DELETE")
            }
        case .events(let endpoint)?:
            guard request.verb == .get else { return refuse(exchange, 405, allow: "GET") }
            openEvents(request, exchange, endpoint)
        case .messages?:
            guard request.verb == .post else { return refuse(exchange, 405, allow: "POST") }
            postMessage(request, exchange)
        case .forbidden?: forbid(request, exchange)
        case nil: refuse(exchange, 404, allow: nil)
        }
    }

    private func isModern(_ request: HTTPRequest) -> Bool {
        request.headers.protocolVersion.map {
            ProtocolVersion($0)?.era == .modern || ProtocolVersion.isLaterThanLegacy($0)
        } ?? false
    }

    /// - Returns: nil if there is nothing at the path.
    func place(_ path: String, of principal: Principal) -> Place? {
        let place = place(path)
        return view.isSameForAll ? place : place.map { view.restricted($0, for: principal) }
    }

    private func place(_ path: String) -> Place? {
        switch path {
        case "/mcp", "/mcp/": return .mcp(.federated)
        case "/sse", "/sse/": return .events(.federated)
        case "/messages": return .messages
        default: break
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let names = Array(parts.last?.isEmpty == true ? parts.dropLast() : parts)
        switch (names.first, names.count) {
        case ("mcp", 2): return view.hub(named: names[1]).map { .mcp(.server($0)) }
        case ("sse", 2): return view.hub(named: names[1]).map { .events(.server($0)) }
        case ("profiles", 3) where names[2] == "mcp" && view.hasProfile(names[1]):
            return .mcp(.profile(String(names[1])))
        default: return nil
        }
    }

    /// The endpoint that a line client names.
    func endpoint(path: String) -> Endpoint? {
        if case .mcp(let endpoint)? = place(path, of: view.plan.access.localPrincipal) {
            endpoint
        } else {
            nil
        }
    }

    func refuse(_ exchange: any HTTPExchange, _ status: Int, allow: StaticString?) {
        var headers = HTTPAnswer.Headers()
        headers.allow = allow
        exchange.answer(HTTPAnswer(status: status, headers: headers))
    }

    func refuse(_ exchange: any HTTPExchange, _ refusal: Refusal, id: [UInt8]?) {
        exchange.answer(
            HTTPAnswer(status: refusal.httpStatus, content: .json, body: refusal.error.answer(id: id)))
    }

    // MARK: POST

    private func post(_ request: HTTPRequest, _ exchange: any HTTPExchange, _ endpoint: Endpoint) {
        guard accepts(request, exchange) else { return }
        let start = now
        let message = request.body
        let frame: Frame
        do throws(ScanError) {
            frame = try Scanner.scan(message, limits: gateway.scanLimits)
        } catch {
            return exchange.answer(Self.notJSON(error))
        }
        let method = Method(of: frame, in: message)
        let era = EraDecision.era(of: frame, method: method, versionHeader: request.headers.protocolVersion)
        switch era {
        case .modern: postModern(request, exchange, endpoint, frame, method, start)
        case .legacy: postLegacy(request, exchange, endpoint, frame, method, start)
        }
    }

    static func notJSON(_ error: ScanError) -> HTTPAnswer {
        let answer = RPCError(code: ErrorCode.parseError, message: "The body is not JSON: \(error)")
        return HTTPAnswer(status: 400, content: .json, body: answer.answer(id: nil))
    }

    private func accepts(_ request: HTTPRequest, _ exchange: any HTTPExchange) -> Bool {
        let fields = (accept: request.headers.accept, contentType: request.headers.contentType)
        if let acceptedFields, acceptedFields == fields { return true }
        if let refusal = ContentRules.refusal(accept: fields.accept, contentType: fields.contentType) {
            refuse(exchange, refusal, id: nil)
            return false
        }
        acceptedFields = fields
        return true
    }

    private func postModern(
        _ request: HTTPRequest, _ exchange: any HTTPExchange, _ endpoint: Endpoint, _ frame: Frame,
        _ method: Method, _ start: MonotonicTime
    ) {
        let refusal = ModernRules.refusal(
            request.body, frame, method: method, carrier: .http(request.headers),
            passesUnknown: endpoint.hub != nil)
        guard frame.kind == .request else {
            if let refusal { return refuse(exchange, refusal, id: Self.id(request.body, frame)) }
            return exchange.answer(HTTPAnswer(status: 202))
        }
        let callID = takeCallID()
        let reply = HTTPReply(exchange, callID: callID)
        let client = Incoming.Client(
            era: .modern, principal: request.principal, endpoint: endpoint, session: nil,
            disconnectCancels: true)
        var incoming = Incoming(
            callID: callID, message: request.body, frame: frame, method: method, client: client, reply: reply,
            start: start, exchange: exchange)
        incoming.parameterFields = request.headers.mcpParameters
        if let refusal { return fail(incoming, refusal) }
        if method == .listen { return listen(incoming, exchange, over: reply) }
        dispatch(incoming)
    }

    private func postLegacy(
        _ request: HTTPRequest, _ exchange: any HTTPExchange, _ endpoint: Endpoint, _ frame: Frame,
        _ method: Method, _ start: MonotonicTime
    ) {
        let message = request.body
        // Made for refusals only.
        var id: [UInt8]? { Self.id(message, frame) }
        if frame.kind == .invalid { return refuse(exchange, .invalidMessage, id: id) }
        do throws(Refusal) {
            _ = try LegacyRules.version(header: request.headers.protocolVersion)
        } catch {
            return refuse(exchange, error, id: id)
        }
        if method == .initialize, frame.kind == .request {
            return initialize(request, exchange, endpoint, frame, start)
        }
        guard let sessionID = request.headers.sessionID else {
            return refuse(exchange, .sessionIDMissing, id: id)
        }
        guard let session = session(sessionID, of: request.principal, at: request.path) else {
            return refuse(exchange, .sessionUnknown, id: id)
        }
        let client = Incoming.Client(
            era: .legacy, principal: session.principal, endpoint: endpoint, session: session,
            disconnectCancels: false)
        switch frame.kind {
        case .batch: batch(message, frame, client, exchange, start)
        case .request:
            let callID = takeCallID()
            let incoming = Incoming(
                callID: callID, message: message, frame: frame, method: method, client: client,
                reply: HTTPReply(exchange, callID: callID, in: session), start: start, exchange: exchange)
            if let refusal = session.receive(message, frame, method, at: endpoint, now: start) {
                return fail(incoming, refusal.error, refusal.httpStatus)
            }
            dispatch(incoming)
        default:
            notified(message, frame, method, client)
            exchange.answer(HTTPAnswer(status: 202))
        }
    }

    static func id(_ message: [UInt8], _ frame: Frame) -> [UInt8]? {
        switch frame.idKind {
        case .integer, .string: Array(message[frame.id.range])
        default: nil
        }
    }

    private func initialize(
        _ request: HTTPRequest, _ exchange: any HTTPExchange, _ endpoint: Endpoint, _ frame: Frame,
        _ start: MonotonicTime
    ) {
        let id = Self.id(request.body, frame) ?? []
        let asked: InitializeRequest
        do throws(Refusal) {
            asked = try InitializeRequest(request.body, frame)
        } catch {
            return refuse(exchange, error, id: id)
        }
        let callID = takeCallID()
        guard phase != .draining else {
            return turnAway(exchange, .draining, id: id, callID)
        }
        guard
            let session = gateway.sessions.open(
                asked, principal: request.principal, endpointPath: request.path, gateway: gateway,
                now: start)
        else { return turnAway(exchange, .overloaded, id: id, callID) }
        // The id of a session whose client is gone before it heard of it is of no use to anyone.
        exchange.attachment = SessionHold(session)
        let held = HeldExchange(exchange)
        introduce(to: session, id: id, endpoint: endpoint, callID: callID) { answer, isError in
            held.exchange.attachment = nil
            if isError { self.gateway.sessions.end(session.id) }
            let reply = HTTPReply(
                held.exchange, callID: callID, sessionID: isError ? nil : session.id)
            reply.answer(answer, status: 200, callID: callID)
        }
    }

    /// Opens no session.
    private func turnAway(
        _ exchange: any HTTPExchange, _ kind: GatewayFailure.Kind, id: [UInt8], _ callID: CallID
    ) {
        let failure = GatewayFailure(
            kind, server: nil, tool: nil, callID: callID.text, retryAfterMilliseconds: 1_000)
        HTTPReply(exchange, callID: callID).answer(
            failure.rpcError.answer(id: id), status: 503, callID: callID)
    }

    private func batch(
        _ message: [UInt8], _ frame: Frame, _ client: Incoming.Client, _ exchange: any HTTPExchange,
        _ start: MonotonicTime
    ) {
        let callID = takeCallID()
        let target = HTTPReply(exchange, callID: callID, in: client.session)
        let elements = Self.elements(message, frame)
        let version = client.session?.version
        let count = elements?.count ?? LegacyRules.maxBatch + 1
        if let refusal = LegacyRules.refusal(batchOf: count, version: version) {
            return refuse(exchange, refusal, id: nil)
        }
        batch(elements ?? [], client, target, start) { exchange.answer(HTTPAnswer(status: 202)) }
    }

    /// The messages of a batch; nil if there are too many.
    static func elements(_ message: [UInt8], _ frame: Frame) -> [[UInt8]]? {
        let ranges = try? Batch.elements(message, frame, max: LegacyRules.maxBatch)
        return ranges?.map { Array(message[$0.range]) }
    }
}
