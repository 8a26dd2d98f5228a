import Identifiers
import Routing
import Sessions
import Telemetry
import Wire

// What becomes of a request, whichever way it came.
extension LoopGateway {
    func dispatch(_ incoming: Incoming) {
        if phase == .draining { return refuseDraining(incoming) }
        switch incoming.method {
        case .ping: answer(incoming, GatewayResults.empty(to: incoming.client.era))
        case .discover: discover(incoming)
        case .toolsList, .promptsList, .resourcesList, .resourceTemplatesList:
            if let hub = incoming.client.endpoint.hub {
                forward(incoming, Call.Target(hub: hub))
            } else {
                list(incoming)
            }
        case .toolsCall, .promptsGet, .resourcesRead, .completionComplete: route(incoming)
        case .loggingSetLevel: setLevel(incoming)
        case .resourcesSubscribe, .resourcesUnsubscribe:
            fail(incoming, Refusal.methodNotFound(incoming.method.text, incoming.client.era))
        default:
            guard let hub = incoming.client.endpoint.hub else {
                let name = MessageText.method(incoming.message, incoming.frame)
                return fail(incoming, .methodNotFound(name, incoming.client.era))
            }
            forward(incoming, Call.Target(hub: hub))
        }
    }

    /// A message of a client whose answers go out on a stream of its own.
    func streamed(
        _ message: [UInt8], _ frame: Frame, _ client: Incoming.Client, _ reply: any Reply,
        _ start: MonotonicTime
    ) {
        let method = Method(of: frame, in: message)
        guard frame.kind == .request, let session = client.session else {
            return notified(message, frame, method, client)
        }
        let callID = takeCallID()
        let id = Array(message[frame.id.range])
        if method == .initialize {
            do throws(Refusal) {
                let asked = try InitializeRequest(message, frame)
                guard session.agree(asked, now: start) else { throw Refusal.invalidMessage }
            } catch {
                return reply.answer(error.error.answer(id: id), status: error.httpStatus, callID: callID)
            }
            return introduce(to: session, id: id, endpoint: client.endpoint, callID: callID) {
                answer, isError in
                if isError { session.disagree() }
                reply.answer(answer, status: 200, callID: callID)
            }
        }
        if let refusal = session.receive(message, frame, method, at: client.endpoint, now: start) {
            return reply.answer(refusal.error.answer(id: id), status: refusal.httpStatus, callID: callID)
        }
        dispatch(
            Incoming(
                callID: callID, message: message, frame: frame, method: method, client: client, reply: reply,
                start: start))
    }

    /// The messages of a batch; their answers become one array.
    /// - Parameter empty: called if no answer is due.
    func batch(
        _ messages: [[UInt8]], _ client: Incoming.Client, _ target: any Reply, _ start: MonotonicTime,
        empty: () -> Void
    ) {
        var requests: [([UInt8], Frame)] = []
        var refusals: [[UInt8]] = []
        for message in messages {
            // The elements were validated with the whole.
            guard let frame = try? Scanner.scan(message, limits: gateway.scanLimits) else { continue }
            let method = Method(of: frame, in: message)
            switch frame.kind {
            case .request:
                if let refusal = client.session?.receive(
                    message, frame, method, at: client.endpoint, inBatch: true, now: start)
                {
                    refusals.append(refusal.error.answer(id: Self.id(message, frame)))
                } else {
                    requests.append((message, frame))
                }
            case .invalid, .batch: refusals.append(Refusal.invalidMessage.error.answer(id: nil))
            default: notified(message, frame, method, client)
            }
        }
        guard requests.count + refusals.count > 0 else { return empty() }
        let reply = BatchReply(target, count: requests.count + refusals.count)
        for refusal in refusals { reply.answer(refusal, status: 200, callID: takeCallID()) }
        for (message, frame) in requests {
            dispatch(
                Incoming(
                    callID: takeCallID(), message: message, frame: frame,
                    method: Method(of: frame, in: message),
                    client: client, reply: reply, start: start))
        }
    }

    /// A notification or an answer of a client.
    func notified(_ message: [UInt8], _ frame: Frame, _ method: Method, _ client: Incoming.Client) {
        guard frame.kind == .notification else { return }
        switch method {
        case .cancelled:
            guard let id = NotificationBridge.requestID(message, frame) else { return }
            if let stream = client.stream, streams.removeListener(id, on: stream) { return }
            // The request may have come in on another of the session's connections.
            for other in gateway.loops {
                other.run { other.calls.find(id: id) { $0.isSame(as: client) }?.cancel() }
            }
        case .initialized:
            _ = client.session?.receive(message, frame, method, at: client.endpoint, now: .now)
        default: break
        }
    }

    // MARK: Answers

    func answer(_ incoming: Incoming, _ result: [UInt8]) {
        let bytes = RPCResult.answer(id: incoming.id, result: result)
        incoming.reply.answer(bytes, status: 200, callID: incoming.callID)
        record(incoming, .ok, errorCode: 0, bytes: bytes.count)
    }

    func fail(_ incoming: Incoming, _ refusal: Refusal) {
        let status = incoming.client.era == .modern ? refusal.httpStatus : 200
        fail(incoming, refusal.error, status)
    }

    func fail(_ incoming: Incoming, _ error: RPCError, _ status: Int? = nil) {
        let bytes = error.answer(id: incoming.id)
        incoming.reply.answer(
            bytes, status: status ?? error.httpStatus(in: incoming.client.era), callID: incoming.callID)
        record(incoming, .refused, errorCode: error.code, bytes: bytes.count)
    }

    private func refuseDraining(_ incoming: Incoming) {
        let failure = GatewayFailure(.draining, server: nil, tool: nil, callID: incoming.callID.text)
        let bytes = failure.rpcError.answer(id: incoming.id)
        incoming.reply.answer(bytes, status: 200, callID: incoming.callID)
        record(incoming, .draining, errorCode: failure.code, bytes: bytes.count)
    }

    /// Takes note of a request that the gateway answered itself.
    private func record(
        _ incoming: Incoming, _ outcome: CallRecord.Outcome, errorCode: Int, bytes: Int
    ) {
        let duration = MonotonicTime.now.nanoseconds(since: incoming.start) / 1000
        gateway.recorder.finished(
            CallRecord(
                callID: incoming.callID, startMicroseconds: WallClock.microseconds - duration,
                principal: incoming.client.principal, session: incoming.client.session?.publicName ?? "",
                server: incoming.client.endpoint.hub?.plan.name ?? "",
                tool: MessageText.name(incoming.message, incoming.frame) ?? "",
                method: incoming.method.text, modern: incoming.client.era == .modern, outcome: outcome,
                errorCode: errorCode, queueMicroseconds: 0, upstreamMicroseconds: 0,
                durationMicroseconds: duration, requestBytes: incoming.message.count, resultBytes: bytes,
                adviceVersion: view.advice.version, decisions: []), loop: index)
    }

    // MARK: Calls

    private func forward(_ incoming: Incoming, _ target: Call.Target) {
        let call = Call(incoming, target, on: self)
        incoming.exchange?.attachment = call
        call.start()
    }

    /// Finds the server of a name or URI.
    private func route(_ incoming: Incoming) {
        if let hub = incoming.client.endpoint.hub {
            var target = Call.Target(hub: hub)
            target.label = label(incoming)
            if incoming.method == .toolsCall {
                if let name = MessageText.name(incoming.message, incoming.frame) {
                    guard hub.plan.rules.filter.admits(name) else { return unknownName(incoming) }
                    target.item = view.catalog.listing(hub.plan.id)?.tools?.items.first { $0.name == name }
                }
            }
            return forward(incoming, target)
        }
        if let target = target(incoming) { return forward(incoming, target) }
        // The name may be of a server that has not listed yet, or may be new.
        let unsettled = serversToAsk(incoming)
        guard !unsettled.isEmpty else { return unknownName(incoming) }
        refresh(unsettled) {
            guard let target = self.target(incoming) else {
                return self.unknownName(incoming, of: unsettled)
            }
            self.forward(incoming, target)
        }
    }

    private func label(_ incoming: Incoming) -> String {
        MessageText.name(incoming.message, incoming.frame) ?? MessageText.uri(
            incoming.message, incoming.frame)
            ?? ""
    }

    private func target(_ incoming: Incoming) -> Call.Target? {
        guard let lists = view.lists(at: incoming.client.endpoint) else { return nil }
        let message = incoming.message
        let frame = incoming.frame
        switch incoming.method {
        case .toolsCall:
            guard let route = lists.route(.tools, in: message, frame.paramsName) else { return nil }
            return named(route, .tools, label(incoming))
        case .promptsGet:
            guard let route = lists.route(.prompts, in: message, frame.paramsName) else { return nil }
            return named(route, .prompts, label(incoming))
        case .resourcesRead:
            guard let route = lists.resource(in: message, frame.paramsURI) else { return nil }
            return located(route, frame.paramsURI, message)
        case .completionComplete:
            switch CompletionReference(message, frame) {
            case .prompt(let name, _)?:
                return lists.route(.prompts, name).flatMap { named($0, .prompts, name) }
            case .resource(let uri, let range)?:
                let route = lists.route(.resourceTemplates, uri) ?? lists.resource(uri)
                return route.flatMap { located($0, range, message) }
            case nil: return nil
            }
        default: return nil
        }
    }

    private func named(_ route: Route, _ kind: ListKind, _ label: String) -> Call.Target? {
        guard let hub = view.hub(route.server) else { return nil }
        var target = Call.Target(hub: hub)
        target.label = label
        target.name = route.upstreamNameJSON
        if hub.current.facts?.era == .modern { target.item = view.catalog.item(kind, route) }
        return target
    }

    private func located(_ route: Route, _ range: ByteRange, _ message: [UInt8]) -> Call.Target? {
        guard let hub = view.hub(route.server) else { return nil }
        let asked = Array(message[range.range])
        var target = Call.Target(hub: hub)
        target.label = JSONView(message, range).string ?? ""
        if target.label != route.upstreamName {
            target.uri = route.upstreamNameJSON
            target.exposedURI = asked
        }
        return target
    }

    /// The servers whose lists might know the name, if they were asked (again).
    private func serversToAsk(_ incoming: Incoming) -> [ServerHub] {
        let hubs = view.hubs(at: incoming.client.endpoint)
        let now = MonotonicTime.now
        let isNamed = incoming.method == .toolsCall || incoming.method == .promptsGet
        let candidates: [ServerHub]
        if isNamed, let name = MessageText.name(incoming.message, incoming.frame),
            let server = name.split(separator: "_", maxSplits: 1).first
        {
            candidates = hubs.filter { $0.plan.name == server }
        } else {
            candidates = hubs
        }
        return candidates.filter { hub in
            switch hub.current.state {
            case .starting: true
            case .up: !hub.lists.isFresh(now)
            case .down: isNamed
            case .removed: false
            }
        }
    }

    private func unknownName(_ incoming: Incoming, of asked: [ServerHub] = []) {
        let era = incoming.client.era
        if let down = asked.first(where: { $0.current.state != .up }) {
            // Whether the name exists can't be known while its server is away.
            return forward(incoming, downTarget(incoming, down))
        }
        switch incoming.method {
        case .resourcesRead:
            let uri = MessageText.uri(incoming.message, incoming.frame) ?? ""
            let code = era == .modern ? ErrorCode.invalidParams : ErrorCode.resourceNotFound
            var data = JSONWriter()
            data.beginObject()
            data.field("uri", uri)
            data.endObject()
            fail(incoming, RPCError(code: code, message: "Resource not found: \(uri)", data: data.bytes))
        case .toolsCall:
            fail(
                incoming, RPCError(code: ErrorCode.invalidParams, message: "Unknown tool: \(label(incoming))")
            )
        case .promptsGet:
            fail(
                incoming,
                RPCError(code: ErrorCode.invalidParams, message: "Unknown prompt: \(label(incoming))"))
        default: fail(incoming, .badParameter("ref"))
        }
    }

    private func downTarget(_ incoming: Incoming, _ hub: ServerHub) -> Call.Target {
        var target = Call.Target(hub: hub)
        target.label = label(incoming)
        return target
    }

    // MARK: Logging

    private func setLevel(_ incoming: Incoming) {
        guard let session = incoming.client.session else {
            return fail(incoming, .methodNotFound(incoming.method.text, incoming.client.era))
        }
        // The session has kept the level; the servers it talks to hear of it, later ones when they are opened.
        for link in session.links {
            guard let facts = link.facts, facts.era == .legacy, facts.offers(.logging) else { continue }
            let id = takeRequestID()
            let edit = RequestEdit(id: Array(String(id).utf8))
            let body = RequestBridge.rewrite(
                incoming.message, incoming.frame, method: incoming.method, edit)
            _ = link.send(body, id: id, .session(facts), from: self, ClosureObserver { _ in })
        }
        answer(incoming, GatewayResults.empty(to: incoming.client.era))
    }
}
