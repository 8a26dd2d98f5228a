import Sessions
import Wire

// What a server asks of its client.
extension UpstreamLink {
    /// A request that came from the server. Callable on any loop.
    /// - Parameters:
    ///   - observer: hears of the request in whose answer it came; nil if it came otherwise.
    ///   - loop: the loop that runs.
    func asked(_ message: [UInt8], _ frame: Frame, during observer: (any LinkObserver)?, on loop: LoopGateway)
    {
        let method = Method(of: frame, in: message)
        if method == .ping {
            let id = Array(message[frame.id.range])
            return post(RPCResult.answer(id: id, result: RPCResult.empty), from: loop)
        }
        let request = ServerRequest(message, frame, method, of: self, isOfCall: observer?.call != nil)
        if let refusal = refusal(request) {
            return tellMissing(request, observer, on: loop) {
                self.post(refusal.answer(id: request.id), from: loop)
            }
        }
        switch openRequests.withLock({ $0.insert(request) }) {
        case .taken: break
        case .duplicate: return post(InputFailure.duplicateID.rpcError.answer(id: request.id), from: loop)
        case .full: return post(InputFailure.overloaded.rpcError.answer(id: request.id), from: loop)
        case .repeated, .closed: return
        }
        if let parked = observer?.parked { return parked.take(request) }
        if let call = observer?.call { return ask(request, over: [call], on: loop) }
        CallSearch.calls(on: self, from: loop) { calls in self.ask(request, over: calls, on: loop) }
    }

    private var declared: ClientCapabilities {
        // A modern server asks in its results.
        facts?.era == .legacy ? ClientCapabilities(raw: identity.capabilities) : []
    }

    private func refusal(_ request: ServerRequest) -> RPCError? {
        InputDemand.refusal(
            request.method, named: MessageText.method(request.message, request.frame),
            params: request.params, declared: declared,
            passesUnknown: session?.isTransparent(to: hub.plan.name) ?? false)
    }

    private func ask(_ request: ServerRequest, over calls: [Call], on loop: LoopGateway) {
        if let session { return session.ask(request, over: calls, on: loop) }
        guard servesModern else { return request.fail(.noCall, from: loop) }
        // A call that has asked its client waits for the answer, so it is seldom the one that asks more.
        if calls.count == 1 { return calls[0].loop.run { calls[0].park(for: request) } }
        let parked = calls.isEmpty ? owner.gateway.parkedCalls.all { $0.link === self } : []
        guard parked.count == 1 else { return request.fail(.noCall, from: loop) }
        parked[0].home.run { parked[0].take(request) }
    }

    /// A modern client is told what it would have to declare, before the server hears that it did not.
    private func tellMissing(
        _ request: ServerRequest, _ observer: (any LinkObserver)?, on loop: LoopGateway,
        _ completion: @escaping @Sendable () -> Void
    ) {
        guard servesModern, facts?.era == .legacy,
            let needed = InputDemand.capabilities(request.method, params: request.params)
        else { return completion() }
        let missing = needed.subtracting(declared)
        if let call = observer?.call {
            call.lacks(missing)
            return completion()
        }
        CallSearch.calls(on: self, from: loop) { calls in
            guard calls.count == 1 else { return completion() }
            calls[0].loop.run {
                calls[0].lacks(missing)
                loop.run(completion)
            }
        }
    }

    /// The server takes a request back: `notifications/cancelled`. Callable on any loop.
    func tookBack(_ message: [UInt8], _ frame: Frame) {
        guard let id = NotificationBridge.requestID(message, frame) else { return }
        openRequests.withLock { $0.find(id) }?.drop()
    }

    /// The request has its answer, or needs none any more.
    func forget(_ request: ServerRequest) { openRequests.withLock { $0.remove(request) } }

    /// How many requests of the server have no answer yet.
    var openRequestCount: Int { openRequests.withLock { $0.count } }
}
