import Sessions
import Wire

/// One round of a modern server's questions to a legacy client, all asked at once. Confined to the loop of
/// its call.
final class InputRound: @unchecked Sendable {
    // Proof of Sendable: the answers come back to the call's loop before anything is touched.
    enum Outcome {
        /// The raw results by key, in the order of the questions.
        case answered([(key: String, value: [UInt8])])
        case refused(RPCError)
        case failed(InputFailure)
    }

    /// The most rounds of one call.
    static let maxRounds = 8
    /// The most questions of one round.
    static let maxQuestions = 64

    let input: InputRequired
    private let session: LegacySession
    private let loop: LoopGateway
    private var open: [Int: ClientRequest] = [:]
    private var answers: [[UInt8]?]
    private var completion: ((Outcome) -> Void)?

    init(
        _ input: InputRequired, of session: LegacySession, on loop: LoopGateway,
        _ completion: @escaping (Outcome) -> Void
    ) {
        self.input = input
        self.session = session
        self.loop = loop
        self.completion = completion
        answers = Array(repeating: nil, count: input.requests.count)
    }

    /// Asks the client over the answer of `call`.
    func start(over call: Call) {
        for (index, question) in input.requests.enumerated() where completion != nil {
            let name = "\(call.incoming.callID.text)-\(index)"
            let params = InputBridge.legacyParams(question.method, question.params, elicitationID: name)
            let asked = session.open(on: loop) { id in
                ServerRequestBridge.request(id: id, method: question.name, params: params)
            } progressed: { _, _, _ in
            } completion: { outcome, _ in
                self.loop.run { self.take(outcome, index) }
            }
            guard let asked else { return finish(.failed(.overloaded)) }
            open[index] = asked
            session.deliver(asked, over: [call])
        }
        finishIfAnswered()
    }

    private func take(_ outcome: ClientRequest.Outcome, _ index: Int) {
        guard completion != nil, open.removeValue(forKey: index) != nil else { return }
        switch outcome {
        case .failed(let failure): finish(.failed(failure))
        case .answered(let message, let frame):
            let method = input.requests[index].method
            guard let response = InputBridge.response(method, message, frame) else {
                return finish(.refused(InputBridge.refusal(method, message, frame)))
            }
            answers[index] = response
            finishIfAnswered()
        }
    }

    private func finishIfAnswered() {
        guard open.isEmpty, answers.allSatisfy({ $0 != nil }) else { return }
        finish(
            .answered(zip(input.requests, answers).map { (key: $0.key, value: $1 ?? RPCResult.empty) }))
    }

    private func finish(_ outcome: Outcome) {
        let completion = self.completion
        cancel()
        completion?(outcome)
    }

    /// Takes back what has no answer.
    func cancel() {
        completion = nil
        for asked in open.values { session.takeBack(asked) }
        open = [:]
    }
}
