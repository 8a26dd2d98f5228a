import Identifiers
import Sessions
import Wire

// What a legacy server asks of a modern client.
extension Call {
    /// Whether the call's answer may ask the client something.
    var mayAskInAnswer: Bool {
        state == .sent && incoming.client.era == .modern && incoming.method.mayRequireInput
    }

    /// The server asks: the call parks, and its answer asks the client.
    func park(for asked: ServerRequest) {
        loop.assertCurrent()
        guard mayAskInAnswer else { return asked.fail(.noCall, from: loop) }
        if let parking { return parking.home.run { parking.take(asked) } }
        guard let parked = makeParked() else { return asked.fail(.overloaded, from: loop) }
        parking = parked
        parked.take(asked)
    }

    private func makeParked() -> ParkedCall? {
        guard let request, let link, let facts else { return nil }
        let parked = loop.gateway.parkedCalls.insert(for: incoming.client.principal) { id in
            ParkedCall(self, id: id, link: link, facts: facts, request: request)
        }
        guard let parked else { return nil }
        request.pass(to: parked)
        self.request = ParkedLinkRequest(parked, of: self)
        return parked
    }

    /// Answers with what the server asks; the client comes back with another request.
    func answerInput(_ result: [UInt8]) {
        guard state == .sent else { return }
        request = nil
        reply(RPCResult.answer(id: incoming.id, result: result), status: 200)
        finish(.ok, errorCode: 0)
    }

    /// The client comes back: the call goes on where it was parked.
    /// - Returns: false if the request names no parked call.
    func resumes() -> Bool {
        guard incoming.client.era == .modern, incoming.method.mayRequireInput, let params = incoming.params,
            let state = params["requestState"]
        else { return false }
        guard let token = state.string else {
            refuseInput(Refusal.badParameter("requestState").error)
            return true
        }
        let responses = params["inputResponses"]
        if let responses, responses.kind != .object {
            refuseInput(Refusal.badParameter("inputResponses").error)
            return true
        }
        do throws(RequestStateFailure) {
            let parked = try find(token)
            parking = parked
            wireID = parked.wireID
            link = parked.link
            facts = parked.facts
            request = ParkedLinkRequest(parked, of: self)
            parked.home.run { parked.attach(self, responses) }
        } catch {
            refuseInput(error.rpcError)
        }
        return true
    }

    private func find(_ token: String) throws(RequestStateFailure) -> ParkedCall {
        let gateway = loop.gateway
        guard token.utf8.count <= RequestState.maxTokenBytes,
            let bytes = gateway.sealer.open(token, context: RequestState.context(incoming.client.principal)),
            let state = RequestState(bytes: bytes)
        else { throw .invalid }
        guard state.instance == gateway.parkedCalls.instance else { throw .otherGateway }
        guard let parked = gateway.parkedCalls.find(state.call),
            parked.principal == incoming.client.principal
        else {
            let end = state.madeAt.advanced(byMilliseconds: ParkedCall.milliseconds)
            throw loop.now >= end ? .expired : .ended
        }
        return parked
    }

    /// A legacy server wants pages opened before it carries the call out: a modern client is asked so, and
    /// sends its request again. Nothing is kept of the call, for the server has ended it.
    func asksForPages(_ message: [UInt8], _ frame: Frame, _ facts: ServerFacts) -> Bool {
        guard frame.errorCode == ErrorCode.urlElicitationRequired, facts.era == .legacy, mayAskInAnswer,
            !hasDeclined, let questions = InputBridge.pages(JSONView(message, frame.error))
        else { return false }
        guard incoming.declared.contains(.elicitationURL) else {
            refuseInput(InputRequired.refusal(.elicitationURL))
            return true
        }
        answerInput(InputBridge.inputRequired(questions, state: nil, serverInfo: facts.serverInfo))
        return true
    }

    /// Whether the client has said that its user will not do what was asked.
    private var hasDeclined: Bool {
        guard let responses = incoming.params?["inputResponses"] else { return false }
        return responses.members.contains { $0.value["action"]?.string != "accept" }
    }

    /// Answers that the client's request can't go on, without ending what it wanted to join.
    func refuseInput(_ error: RPCError) {
        guard state == .sent else { return }
        request = nil
        refuse(error)
    }

    /// The server asked for what the client did not declare in this request.
    func lacks(_ missing: ClientCapabilities) {
        let missing = missing.subtracting(incoming.declared)
        guard mayAskInAnswer, !missing.isEmpty else { return }
        request?.cancel()
        refuseInput(InputRequired.refusal(missing))
    }
}
