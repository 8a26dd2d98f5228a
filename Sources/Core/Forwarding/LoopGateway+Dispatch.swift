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
        case .resourcesSubscribe: subscribe(incoming)
        case .resourcesUnsubscribe: unsubscribe(incoming)
        case .tasksGet, .tasksResult, .tasksCancel, .tasksList, .tasksUpdate: task(incoming)
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
            if phase == .draining {
                session.disagree()
                let failure = GatewayFailure(.draining, server: nil, tool: nil, callID: callID.text)
                return reply.answer(failure.rpcError.answer(id: id), status: 200, callID: callID)
            }
            return introduce(to: session, id: id, endpoint: client.endpoint, callID: callID) {
                answer, isError in
                if isError { session.disagree() }
                reply.answer(answer, status: 200, callID: callID)
            }
        }
        let incoming = Incoming(
            callID: callID, message: message, frame: frame, method: method, client: client, reply: reply,
            start: start)
        if let refusal = session.receive(message, frame, method, at: client.endpoint, now: start) {
            return fail(incoming, refusal)
        }
        dispatch(incoming)
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
        let reply = BatchReply(
            target, count: requests.count + refusals.count, limits: gateway.scanLimits)
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
        switch frame.kind {
        case .notification: break
        case .result, .error:
            client.session?.answered(message, frame, on: self)
            return
        default: return
        }
        switch method {
        case .cancelled:
            guard let id = NotificationBridge.requestID(message, frame) else { return }
            if let stream = client.stream, streams.removeListener(id, on: stream) { return }
            guard let owner = client.owner else { return }
            let key = Incoming.Key(owner: owner, id: id)
            // The request may have come in on another of the session's connections.
            for other in gateway.loops { other.run { other.cancel(key) } }
        case .initialized:
            _ = client.session?.receive(message, frame, method, at: client.endpoint, now: now)
            client.session?.deliverUnsent()
        case .progress: client.session?.progressed(message, frame, on: self)
        case .rootsListChanged:
            // Servers that it was not told of have asked for no roots.
            for link in client.session?.links ?? [] where link.facts?.era == .legacy {
                link.post(message, from: self)
            }
        case .other, .taskStatus:
            // Only a server that is seen as it is can know what this is.
            guard let hub = client.endpoint.hub else { return }
            client.session?.openLink(to: hub)?.post(message, from: self)
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

    func refuseDraining(_ incoming: Incoming) {
        let failure = GatewayFailure(.draining, server: nil, tool: nil, callID: incoming.callID.text)
        let bytes = failure.rpcError.answer(id: incoming.id)
        incoming.reply.answer(bytes, status: 200, callID: incoming.callID)
        record(incoming, .draining, errorCode: failure.code, bytes: bytes.count)
    }

    /// Takes note of a request that the gateway answered itself.
    private func record(
        _ incoming: Incoming, _ outcome: CallRecord.Outcome, errorCode: Int, bytes: Int
    ) {
        let duration = now.nanoseconds(since: incoming.start) / 1000
        let record = CallRecord(
            callID: incoming.callID, startMicroseconds: WallClock.microseconds - duration,
            principal: incoming.client.principal, session: incoming.client.session?.publicName ?? "",
            server: incoming.client.endpoint.hub?.plan.name ?? "",
            tool: MessageText.name(incoming.message, incoming.frame) ?? "",
            method: incoming.method.text, modern: incoming.client.era == .modern, outcome: outcome,
            errorCode: errorCode, queueMicroseconds: 0, upstreamMicroseconds: 0,
            durationMicroseconds: duration, requestBytes: incoming.message.count, resultBytes: bytes,
            adviceVersion: view.advice.version, decisions: [])
        observer?.finished(
            record, of: incoming, server: incoming.client.endpoint.hub?.observedID ?? 0, item: 0, nil,
            attempts: 0, answer: nil)
        gateway.audit?.ended(AuditableCall(record, of: incoming), wasStarted: false)
        gateway.recorder.finished(record, loop: index)
    }

    // MARK: Waiting

    /// Puts a request aside until servers have answered.
    /// - Parameter body: not called if the request is cancelled meanwhile.
    func wait(
        for hubs: [ServerHub], _ incoming: Incoming, milliseconds: Int = listMilliseconds,
        _ body: @escaping @Sendable () -> Void
    ) {
        guard !hubs.isEmpty else { return body() }
        guard park(incoming) else { return }
        refresh(hubs, milliseconds: milliseconds) {
            if self.parked.remove(incoming.callID) != nil { body() }
        }
    }

    /// - Returns: false if the request had to be refused.
    func park(_ incoming: Incoming) -> Bool {
        guard parked.insert(incoming) else {
            overloaded(incoming)
            return false
        }
        // An exchange that its client has left would keep what is attached, and that the exchange.
        if !incoming.reply.isDeserted { incoming.exchange?.attachment = ParkedHold(incoming) }
        return true
    }

    func cancelParked(_ id: CallID) {
        guard let incoming = parked.remove(id) else { return }
        incoming.reply.drop()
        record(incoming, .cancelled, errorCode: 0, bytes: 0)
    }

    func overloaded(_ incoming: Incoming) {
        let failure = GatewayFailure(
            .overloaded, server: nil, tool: nil, callID: incoming.callID.text, retryAfterMilliseconds: 1_000)
        let bytes = failure.rpcError.answer(id: incoming.id)
        incoming.reply.answer(bytes, status: 200, callID: incoming.callID)
        record(incoming, .overloaded, errorCode: failure.code, bytes: bytes.count)
    }
}
