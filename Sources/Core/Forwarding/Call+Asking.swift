import Identifiers
import Sessions
import Wire

// What the server asks of the client.
extension Call {
    var call: Call? { self }

    /// Whether the call's answer is due on `link`, and its client could be asked something.
    func mayBeAsked(by link: UpstreamLink) -> Bool {
        state == .sent && self.link === link && (!link.servesModern || mayAskInAnswer)
    }

    /// Whether the client reads what is sent ahead of the answer.
    var mayCarry: Bool {
        (state == .sent || state == .asking) && (!isAbandoned || incoming.reply.isResumable)
    }

    /// Whether the client is being asked something.
    var isAsking: Bool { !asks.isEmpty || round != nil }

    /// Sends the client a request, or what belongs to one, ahead of the answer.
    /// - Returns: false if the client no longer reads here.
    func carry(_ message: [UInt8]) -> Bool {
        guard mayCarry else { return false }
        incoming.reply.ask(message)
        return true
    }

    // MARK: A legacy server's requests

    /// The client is being asked: its time is not the server's, so the call's stands still.
    func beginAsking(_ request: ServerRequest) {
        guard state != .done, !request.isOver else { return }
        if asks.isEmpty { stopTime(forMilliseconds: 2 * ServerRequest.milliseconds) }
        asks.append(request)
    }

    func endAsking(_ request: ServerRequest) {
        guard let index = asks.firstIndex(where: { $0 === request }) else { return }
        asks.remove(at: index)
        if asks.isEmpty { resumeTime() }
    }

    private func stopTime(forMilliseconds milliseconds: Int) {
        nanosecondsLeft = deadline.nanoseconds(since: loop.now)
        deadline = loop.now.advanced(byMilliseconds: milliseconds)
    }

    private func resumeTime() {
        deadline = MonotonicTime(nanoseconds: loop.now.nanoseconds &+ nanosecondsLeft)
    }

    // MARK: A modern server's request for input

    /// Why the client can't be passed what the server asks for; nil if it can.
    func inputRefusal(_ message: [UInt8], _ frame: Frame) -> RPCError? {
        guard let input = InputRequired(JSONView(message, frame.result)) else { return nil }
        let missing = input.missing(from: incoming.declared)
        return missing.isEmpty ? nil : InputRequired.refusal(missing)
    }

    /// Asks the legacy client what the server wants to know, and sends the request again with the answers.
    func askForInput(_ message: [UInt8], _ frame: Frame) {
        guard let session = incoming.client.session,
            let input = InputRequired(JSONView(message, frame.result)),
            input.requests.count <= InputRound.maxQuestions,
            input.requests.allSatisfy({ $0.needs != nil })
        else { return fail(.upstreamProtocolError(.malformedInputRequest)) }
        rounds += 1
        guard rounds <= InputRound.maxRounds else {
            return fail(.upstreamProtocolError(.tooManyInputRounds(limit: InputRound.maxRounds)))
        }
        state = .asking
        stopTime(forMilliseconds: ServerRequest.milliseconds)
        // Somebody who thinks holds no place at the server.
        releasePlace()
        let round = InputRound(input, of: session, on: loop) { [weak self] outcome in self?.take(outcome) }
        self.round = round
        round.start(over: self)
    }

    private func take(_ outcome: InputRound.Outcome) {
        guard state == .asking, let round else { return }
        self.round = nil
        switch outcome {
        case .answered(let responses):
            inputs = InputRequired.retry(responses: responses, state: round.input.state)
            wireID = loop.takeRequestID()
            resumeTime()
            queue()
        case .refused(let error): refuse(error)
        case .failed(let failure): refuse(failure.rpcError)
        }
    }

    // MARK: The end

    /// - Parameter answered: whether the call ended by the server's answer.
    func endAsks(answered: Bool) {
        let asks = self.asks
        self.asks = []
        for request in asks { request.ended(self, answered: answered) }
        round?.cancel()
        round = nil
    }
}
