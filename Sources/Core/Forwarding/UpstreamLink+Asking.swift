import Sessions
import Wire

// What a server asks of its client.
extension UpstreamLink {
    /// A request that came from the server. Callable on any loop.
    /// - Parameters:
    ///   - call: the call in whose answer it came; nil if it came otherwise.
    ///   - loop: the loop that runs.
    func asked(_ message: [UInt8], _ frame: Frame, during call: Call?, on loop: LoopGateway) {
        let method = Method(of: frame, in: message)
        if method == .ping {
            let id = Array(message[frame.id.range])
            return post(RPCResult.answer(id: id, result: RPCResult.empty), from: loop)
        }
        let request = ServerRequest(message, frame, method, of: self, isOfCall: call != nil)
        if let refusal = refusal(request) { return post(refusal.answer(id: request.id), from: loop) }
        switch openRequests.withLock({ $0.insert(request) }) {
        case .taken: break
        case .duplicate: return post(InputFailure.duplicateID.rpcError.answer(id: request.id), from: loop)
        case .full: return post(InputFailure.overloaded.rpcError.answer(id: request.id), from: loop)
        case .closed: return
        }
        if let call { return ask(request, over: [call], on: loop) }
        CallSearch.calls(on: self, from: loop) { calls in self.ask(request, over: calls, on: loop) }
    }

    private func refusal(_ request: ServerRequest) -> RPCError? {
        // A modern server asks in its results.
        let declared = facts?.era == .legacy ? ClientCapabilities(raw: identity.capabilities) : []
        return InputDemand.refusal(
            request.method, named: MessageText.method(request.message, request.frame),
            params: request.params, declared: declared,
            passesUnknown: session?.isTransparent(to: hub.plan.name) ?? false)
    }

    private func ask(_ request: ServerRequest, over calls: [Call], on loop: LoopGateway) {
        guard let session else { return request.fail(.noCall, from: loop) }
        session.ask(request, over: calls, on: loop)
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
