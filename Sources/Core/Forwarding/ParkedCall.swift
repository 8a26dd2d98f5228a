import Identifiers
import Sessions
import Wire

/// A modern client's call at a legacy server that has asked the client something: it outlives the requests by
/// which the client comes and goes, and carries their answers to the server and the server's answer back.
/// Confined to the loop from which the server was called.
final class ParkedCall: LinkObserver, @unchecked Sendable {
    // Proof of Sendable: immutable properties, or touched on `home` alone; whoever else holds it hops there.
    private struct Question {
        let key: String
        let request: ServerRequest
    }

    private enum Ending {
        case answered([UInt8], Frame)
        case failed(LinkFailure)

        var bytes: Int {
            if case .answered(let message, _) = self { message.count } else { 0 }
        }
    }

    /// How long the client may take to come back with its answers.
    static let milliseconds = ServerRequest.milliseconds
    /// What a server asks at once comes to the client at once.
    private static let gatheringMilliseconds = 20
    static let maxQuestions = OpenServerRequests.maxCount

    let id: UInt64
    let home: LoopGateway
    let hub: ServerHub
    let link: UpstreamLink
    let facts: ServerFacts
    let wireID: Int
    let principal: Principal
    let method: Method
    /// Of the parameters that a retry must repeat.
    private let digest: Int
    private let registry: ParkedCalls
    private var request: (any LinkRequest)?
    private var questions: [Question] = []
    private var asked = 0
    /// The client's request that waits for the answer; nil while the client has yet to come back.
    private var client: Call?
    private var ending: Ending?
    private var gathering: (any ScheduledWork)?
    private var deadline: (any ScheduledWork)?
    private var isOver = false

    /// Takes the request at the server over from the call that made it.
    init(_ call: Call, id: UInt64, link: UpstreamLink, facts: ServerFacts, request: any LinkRequest) {
        self.id = id
        home = call.loop
        hub = call.hub
        self.link = link
        self.facts = facts
        self.request = request
        wireID = call.wireID
        principal = call.incoming.client.principal
        method = call.incoming.method
        digest = Self.digest(call.incoming)
        registry = call.loop.gateway.parkedCalls
        client = call
    }

    var parked: ParkedCall? { self }

    /// The parameters can be as large as a message, so that only this is kept of them. Seeded by the process,
    /// in which the call ends anyway.
    private static func digest(_ incoming: Incoming) -> Int {
        var hasher = Hasher()
        hasher.combine(InputBridge.identity(incoming.message, incoming.frame))
        return hasher.finalize()
    }

    // MARK: What the server asks

    /// Asks the client, now or when it comes back.
    func take(_ request: ServerRequest) {
        home.assertCurrent()
        guard !isOver, ending == nil else { return request.fail(.callEnded, from: home) }
        guard questions.count < Self.maxQuestions else { return request.fail(.overloaded, from: home) }
        asked += 1
        questions.append(Question(key: "q\(asked)", request: request))
        let isOpen = request.ask(over: [], on: home) { [weak self] in
            guard let self else { return }
            self.home.run { self.questions.removeAll { $0.request === request } }
        }
        guard isOpen else { return questions.removeAll { $0.request === request } }
        presentSoon()
    }

    private func presentSoon() {
        guard client != nil, gathering == nil else { return }
        let delay = Duration.milliseconds(Self.gatheringMilliseconds)
        gathering = home.loop.schedule(after: delay) { [weak self] in
            self?.gathering = nil
            self?.present()
        }
    }

    /// Answers the client's request with what the server asks; the client comes back with another.
    private func present() {
        guard !isOver, ending == nil, !questions.isEmpty, let client else { return }
        self.client = nil
        let state = RequestState(instance: registry.instance, call: id, madeAt: home.now)
        let token = home.gateway.sealer.seal(state.bytes, context: RequestState.context(principal))
        let result = InputBridge.inputRequired(
            questions.map { question in
                let request = question.request
                return (key: question.key, value: InputBridge.question(request.message, request.frame))
            }, state: token, serverInfo: facts.serverInfo)
        deadline?.cancel()
        deadline = home.loop.schedule(after: .milliseconds(Self.milliseconds)) { [weak self] in
            self?.end(.timedOut)
        }
        client.loop.run { client.answerInput(result) }
    }

    // MARK: The client comes back

    /// The client sent its request again.
    /// - Parameter responses: a view of its `inputResponses`; nil without any.
    func attach(_ call: Call, _ responses: JSONView?) {
        home.assertCurrent()
        func refuse(_ error: RPCError) { call.loop.run { call.refuseInput(error) } }
        guard !isOver else { return refuse(RequestStateFailure.ended.rpcError) }
        guard client == nil else { return refuse(RequestStateFailure.used.rpcError) }
        guard call.hub === hub, call.incoming.method == method, Self.digest(call.incoming) == digest else {
            return refuse(RequestStateFailure.otherRequest.rpcError)
        }
        let answers = questions.map { responses?.member($0.key) }
        if let wrong = answers.firstIndex(where: { $0.map { $0.kind != .object } ?? false }) {
            return refuse(Refusal.badParameter("inputResponses.\(questions[wrong].key)").error)
        }
        client = call
        deadline?.cancel()
        deadline = nil
        let asked = questions
        questions = zip(asked, answers).filter { $1 == nil }.map(\.0)
        for (question, answer) in zip(asked, answers) {
            if let answer { question.request.answer(result: answer.rawBytes, from: home) }
        }
        if let ending { return deliver(ending) }
        // What has no answer is asked again, and what came up meanwhile with it.
        present()
    }

    /// The client gave its request up.
    func leave(_ call: Call) {
        if client === call { end(.callEnded) }
    }

    func pauseReading(_ paused: Bool) { request?.pauseReading(paused) }

    // MARK: What the server sends

    func notified(_ message: [UInt8], _ frame: Frame) {
        guard let client else { return }
        client.loop.run { client.notified(message, frame) }
    }

    func answered(_ message: [UInt8], _ frame: Frame) { settle(.answered(message, frame)) }

    func failed(_ failure: LinkFailure) { settle(.failed(failure)) }

    private func settle(_ ending: Ending) {
        guard !isOver else { return }
        request = nil
        failQuestions(.callEnded)
        if client != nil { return deliver(ending) }
        // The client has yet to come for it.
        guard registry.keep(ending.bytes, of: self) else { return end(.overloaded) }
        self.ending = ending
    }

    private func deliver(_ ending: Ending) {
        guard let client else { return }
        close()
        client.loop.run {
            switch ending {
            case .answered(let message, let frame): client.answered(message, frame)
            case .failed(let failure): client.failed(failure)
            }
        }
    }

    // MARK: The end

    /// Gives the call up: the server is told so.
    func end(_ failure: InputFailure) {
        guard !isOver else { return }
        failQuestions(failure)
        request?.cancel()
        close()
    }

    private func failQuestions(_ failure: InputFailure) {
        let open = questions
        questions = []
        for question in open { question.request.fail(failure, from: home) }
    }

    private func close() {
        isOver = true
        request = nil
        client = nil
        ending = nil
        gathering?.cancel()
        gathering = nil
        deadline?.cancel()
        deadline = nil
        registry.remove(self)
    }
}

/// A call's hold on a request that a parked call keeps. Confined to the call's loop.
final class ParkedLinkRequest: LinkRequest {
    private let parked: ParkedCall
    private unowned let call: Call

    init(_ parked: ParkedCall, of call: Call) {
        self.parked = parked
        self.call = call
    }

    func cancel() { parked.home.run { [parked, call] in parked.leave(call) } }
    func pauseReading(_ paused: Bool) { parked.home.run { [parked] in parked.pauseReading(paused) } }
    func pass(to observer: any LinkObserver) {}
}
