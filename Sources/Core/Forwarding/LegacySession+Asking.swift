import Sessions
import Wire

// What servers ask of the session's client.
extension LegacySession {
    /// How long a question waits for a client that keeps no stream to open one.
    static let streamMilliseconds = 5_000

    /// Whether the session shows the server of this name as it is.
    func isTransparent(to server: String) -> Bool {
        endpointPath == "/mcp/\(server)" || endpointPath == "/sse/\(server)"
    }

    /// Asks the client what its server wants to know.
    /// - Parameter calls: the calls in flight that the request may belong to.
    func ask(_ request: ServerRequest, over calls: [Call], on loop: LoopGateway) {
        let asked = open(on: loop) { id in
            let message = ServerRequestBridge.rewrite(request.message, request.frame, id: id)
            guard !request.frame.paramsMeta.isEmpty else { return message }
            return self.exposingTasks(message, from: request.link.hub, isRequest: true)
        } progressed: { message, frame, loop in
            request.progressed(message, frame, from: loop)
        } completion: { outcome, loop in
            switch outcome {
            case .answered(let message, let frame): request.answer(message, frame, from: loop)
            case .failed(let failure): request.fail(failure, from: loop)
            }
        }
        guard let asked else { return request.fail(.overloaded, from: loop) }
        let isOpen = request.ask(over: calls, on: loop) { [weak self] in self?.takeBack(asked) }
        guard isOpen else { return takeBack(asked) }
        deliver(asked, over: calls)
    }

    /// Makes a question, which `deliver` sends.
    /// - Parameter write: gives the message under its raw id.
    /// - Returns: nil if too many are open, or the session has ended.
    func open(
        on loop: LoopGateway, _ write: (_ id: [UInt8]) -> [UInt8],
        progressed: @escaping @Sendable ([UInt8], Frame, LoopGateway) -> Void,
        completion: @escaping @Sendable (ClientRequest.Outcome, LoopGateway) -> Void
    ) -> ClientRequest? {
        let asked = openRequest { id in
            ClientRequest(
                id: id, body: write(Array(String(id).utf8)), progressed: progressed, completion: completion)
        }
        guard let asked else { return nil }
        asked.wait(
            loop.loop.schedule(after: .milliseconds(Self.streamMilliseconds)) { [weak self] in
                guard !asked.isSent, self?.closeRequest(asked.id) != nil else { return }
                asked.takeBack(orOn: nil)
                asked.completion(.failed(.noStream), loop)
            })
        return asked
    }

    /// Sends a question: in the answer of the one call that it may belong to, else on the session's stream,
    /// else in the answer of any call, else on the stream that the client opens next.
    func deliver(_ asked: ClientRequest, over calls: [Call]) {
        guard let call = calls.first, calls.count == 1 || stream == nil, isInitialized else {
            return deliverOnStream(asked)
        }
        call.loop.run {
            guard call.mayCarry else { return self.deliverOnStream(asked) }
            if asked.goes(over: .call(call)) { _ = call.carry(asked.body) }
        }
    }

    private func deliverOnStream(_ asked: ClientRequest) {
        guard isInitialized, let stream, asked.goes(over: .stream(stream)) else { return }
        stream.send(asked.body, isDroppable: false)
    }

    /// The client has opened a stream, or is initialized.
    func deliverUnsent() { for asked in unsentRequests { deliverOnStream(asked) } }

    /// The client sent a result or an error.
    func answered(_ message: [UInt8], _ frame: Frame, on loop: LoopGateway) {
        guard frame.idKind == .integer, let id = JSONView(message, frame.id).int.flatMap(Int.init(exactly:)),
            findRequest(id)?.isSent ?? false, let asked = closeRequest(id)
        else { return }
        use(now: loop.now)
        asked.completion(.answered(message, frame), loop)
    }

    /// The client says how far it is with what it was asked.
    func progressed(_ message: [UInt8], _ frame: Frame, on loop: LoopGateway) {
        guard !frame.params.isEmpty,
            let token = JSONView(message, frame.params)["progressToken"]?.int.flatMap(Int.init(exactly:)),
            let asked = findRequest(token)
        else { return }
        asked.progressed(message, frame, loop)
    }

    /// Nobody waits for the answer any more.
    func takeBack(_ asked: ClientRequest) {
        guard closeRequest(asked.id) != nil else { return }
        asked.takeBack(orOn: stream)
    }
}
