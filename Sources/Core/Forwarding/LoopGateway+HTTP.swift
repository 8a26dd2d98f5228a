import Identifiers
import Sessions
import Wire

// What comes over HTTP.
extension LoopGateway: HTTPFront {
    private enum Place {
        case mcp(Endpoint)
        /// The stream of the 2024-11-05 transport.
        case events(Endpoint)
        /// Where that transport's client posts.
        case messages
    }

    package func received(_ request: HTTPRequest, _ exchange: any HTTPExchange) {
        switch place(request.path) {
        case .mcp(let endpoint)?:
            switch request.verb {
            case .post: post(request, exchange, endpoint)
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
        case nil: refuse(exchange, 404, allow: nil)
        }
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
        if case .mcp(let endpoint)? = place(path) { endpoint } else { nil }
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
        let start = MonotonicTime.now
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
        if let refusal { return refuse(exchange, refusal, id: Self.id(request.body, frame)) }
        guard frame.kind == .request else { return exchange.answer(HTTPAnswer(status: 202)) }
        let callID = takeCallID()
        let reply = HTTPReply(exchange, callID: callID)
        let client = Incoming.Client(
            era: .modern, principal: .anonymous, endpoint: endpoint, session: nil, disconnectCancels: true)
        let incoming = Incoming(
            callID: callID, message: request.body, frame: frame, method: method, client: client, reply: reply,
            start: start, exchange: exchange)
        if method == .listen { return listen(incoming, exchange, over: reply) }
        dispatch(incoming)
    }

    private func postLegacy(
        _ request: HTTPRequest, _ exchange: any HTTPExchange, _ endpoint: Endpoint, _ frame: Frame,
        _ method: Method, _ start: MonotonicTime
    ) {
        let message = request.body
        let id = Self.id(message, frame)
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
        guard let session = gateway.sessions.find(sessionID),
            session.belongs(to: .anonymous, at: request.path)
        else { return refuse(exchange, .sessionUnknown, id: id) }
        let client = Incoming.Client(
            era: .legacy, principal: session.principal, endpoint: endpoint, session: session,
            disconnectCancels: false)
        switch frame.kind {
        case .batch: batch(message, frame, client, exchange, start)
        case .request:
            if let refusal = session.receive(message, frame, method, at: endpoint, now: start) {
                return refuse(exchange, refusal, id: id)
            }
            let callID = takeCallID()
            let incoming = Incoming(
                callID: callID, message: message, frame: frame, method: method, client: client,
                reply: HTTPReply(exchange, callID: callID), start: start, exchange: exchange)
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
        guard
            let session = gateway.sessions.open(
                asked, principal: .anonymous, endpointPath: request.path, gateway: gateway,
                now: start)
        else { return refuse(exchange, 503, allow: nil) }
        let callID = takeCallID()
        let reply = HTTPReply(exchange, callID: callID, sessionID: session.id)
        introduce(to: session, id: id, endpoint: endpoint, callID: callID) { answer, isError in
            if isError { self.gateway.sessions.end(session.id) }
            reply.answer(answer, status: 200, callID: callID)
        }
    }

    private func batch(
        _ message: [UInt8], _ frame: Frame, _ client: Incoming.Client, _ exchange: any HTTPExchange,
        _ start: MonotonicTime
    ) {
        let callID = takeCallID()
        let target = HTTPReply(exchange, callID: callID)
        let elements = (try? Batch.elements(message, frame, max: LegacyRules.maxBatch + 1)) ?? []
        let version = client.session?.version
        let count = elements.isEmpty && frame.root.count > 2 ? LegacyRules.maxBatch + 1 : elements.count
        if let refusal = LegacyRules.refusal(batchOf: count, version: version) {
            return refuse(exchange, refusal, id: nil)
        }
        batch(elements.map { Array(message[$0.range]) }, client, target, start) {
            exchange.answer(HTTPAnswer(status: 202))
        }
    }

    // MARK: Streams

    /// GET: a legacy session's stream.
    private func openStream(_ request: HTTPRequest, _ exchange: any HTTPExchange, _ endpoint: Endpoint) {
        guard let sessionID = request.headers.sessionID else {
            return refuse(exchange, 405, allow: "POST")
        }
        guard ContentRules.acceptsEventStream(request.headers.accept) else {
            return refuse(exchange, .notAcceptable, id: nil)
        }
        guard let session = gateway.sessions.find(sessionID),
            session.belongs(to: .anonymous, at: request.path)
        else { return refuse(exchange, .sessionUnknown, id: nil) }
        let stream = ClientStream(exchange, eventName: nil)
        let entry = StreamTable.Entry(
            stream: stream, endpoint: endpoint, audience: .session(session), ownsStream: true)
        guard streams.add(entry) else { return refuse(exchange, 503, allow: nil) }
        exchange.attachment = StreamHold(stream: stream, session: session, endsSession: false)
        exchange.beginStream(HTTPAnswer.Headers(sessionID: session.id))
        exchange.comment("open")
        session.attach(stream)
    }

    /// DELETE: the client ends its session.
    private func endSession(_ request: HTTPRequest, _ exchange: any HTTPExchange) {
        guard let sessionID = request.headers.sessionID else {
            return refuse(exchange, 405, allow: "POST")
        }
        guard let session = gateway.sessions.find(sessionID),
            session.belongs(to: .anonymous, at: request.path)
        else { return refuse(exchange, .sessionUnknown, id: nil) }
        cancelCalls(of: session)
        gateway.sessions.end(sessionID)
        exchange.answer(HTTPAnswer(status: 204))
    }

    /// The client of a 2024-11-05 server opens its stream.
    private func openEvents(_ request: HTTPRequest, _ exchange: any HTTPExchange, _ endpoint: Endpoint) {
        let now = MonotonicTime.now
        guard
            let session = gateway.sessions.open(
                nil, principal: .anonymous, endpointPath: request.path, gateway: gateway,
                now: now)
        else { return refuse(exchange, 503, allow: nil) }
        let stream = ClientStream(exchange, eventName: "message")
        let entry = StreamTable.Entry(
            stream: stream, endpoint: endpoint, audience: .session(session), ownsStream: true)
        guard streams.add(entry) else {
            gateway.sessions.end(session.id)
            return refuse(exchange, 503, allow: nil)
        }
        exchange.attachment = StreamHold(stream: stream, session: session, endsSession: true)
        exchange.beginStream(HTTPAnswer.Headers())
        let address = "/messages?session=\(session.id)"
        exchange.event(name: "endpoint", id: nil, retryMilliseconds: nil, data: Array(address.utf8))
        session.attach(stream)
    }

    /// A message of a 2024-11-05 client; its answer goes out on the stream.
    private func postMessage(_ request: HTTPRequest, _ exchange: any HTTPExchange) {
        guard let id = request.query.split(separator: "&").first(where: { $0.hasPrefix("session=") }),
            let session = gateway.sessions.find(String(id.dropFirst("session=".count))),
            let stream = session.stream, let place = place(session.endpointPath),
            case .events(let endpoint) = place
        else { return refuse(exchange, .sessionUnknown, id: nil) }
        let message = request.body
        let frame: Frame
        do throws(ScanError) {
            frame = try Scanner.scan(message, limits: gateway.scanLimits)
        } catch {
            return exchange.answer(Self.notJSON(error))
        }
        guard frame.kind != .invalid, frame.kind != .batch else {
            return refuse(exchange, .invalidMessage, id: nil)
        }
        exchange.answer(HTTPAnswer(status: 202))
        let client = Incoming.Client(
            era: .legacy, principal: session.principal, endpoint: endpoint, session: session,
            disconnectCancels: true)
        streamed(message, frame, client, StreamReply(stream), .now)
    }

    // MARK: Clients that go

    package func abandoned(_ exchange: any HTTPExchange) {
        switch exchange.attachment {
        case let hold as StreamHold:
            hold.stream.markClosed()
            streams.remove(hold.stream)
            hold.session?.detach(hold.stream)
            if hold.endsSession, let session = hold.session {
                cancelCalls(of: session)
                gateway.sessions.end(session.id)
            }
        case let call as Call where call.incoming.client.disconnectCancels: call.cancel()
        default: break
        }
        exchange.attachment = nil
    }

    package func resumed(_ exchange: any HTTPExchange) {
        if let call = exchange.attachment as? Call { call.resume() }
    }

    private func cancelCalls(of session: LegacySession) {
        for other in gateway.loops {
            other.run {
                for call in other.calls.all(where: { $0.incoming.client.session === session }) {
                    call.cancel()
                }
            }
        }
    }
}

/// What an exchange that is a stream keeps.
final class StreamHold {
    let stream: ClientStream
    let session: LegacySession?
    /// The session lives as long as the stream (the 2024-11-05 transport).
    let endsSession: Bool

    init(stream: ClientStream, session: LegacySession?, endsSession: Bool) {
        self.stream = stream
        self.session = session
        self.endsSession = endsSession
    }
}
