import Sessions
import Synchronization
import Wire

/// A request that a legacy server makes of its client, from its arrival until the server has an answer.
/// Used from any loop.
final class ServerRequest: Sendable {
    private struct Shared {
        var isOver = false
        var deadline: (any ScheduledWork)?
        /// Takes the question back from whoever was asked.
        var withdraw: (@Sendable () -> Void)?
        /// The calls of the link that wait while the client is asked.
        var waiting: [Call] = []
    }

    /// How long a client may take: somebody may have to read, think and type.
    static let milliseconds = 10 * 60_000

    let link: UpstreamLink
    let message: [UInt8]
    let frame: Frame
    let method: Method
    /// Whether it came in the answer of a call, so that it is surely of that call.
    let isOfCall: Bool
    private let shared = Mutex(Shared())

    init(_ message: [UInt8], _ frame: Frame, _ method: Method, of link: UpstreamLink, isOfCall: Bool) {
        self.message = message
        self.frame = frame
        self.method = method
        self.link = link
        self.isOfCall = isOfCall
    }

    /// The server's raw JSON id.
    var id: [UInt8] { Array(message[frame.id.range]) }
    var params: JSONView? { frame.params.isEmpty ? nil : JSONView(message, frame.params) }
    var isOver: Bool { shared.withLock { $0.isOver } }

    /// Somebody is being asked.
    /// - Parameters:
    ///   - calls: whose time stands still meanwhile.
    ///   - withdraw: called, on any loop, if the question is settled otherwise than by its answer.
    /// - Returns: false if the request is over already.
    func ask(
        over calls: [Call], on loop: LoopGateway, withdraw: @escaping @Sendable () -> Void
    ) -> Bool {
        let deadline = loop.loop.schedule(after: .milliseconds(Self.milliseconds)) { [weak self] in
            self?.fail(.timedOut, from: loop)
        }
        let isOpen = shared.withLock { shared in
            guard !shared.isOver else { return false }
            shared.deadline = deadline
            shared.withdraw = withdraw
            shared.waiting = calls
            return true
        }
        guard isOpen else {
            deadline.cancel()
            return false
        }
        for call in calls { call.loop.run { call.beginAsking(self) } }
        return true
    }

    /// The client's answer: a result or an error under any id.
    func answer(_ answer: [UInt8], _ frame: Frame, from loop: LoopGateway) {
        guard finish(withdraws: false) else { return }
        link.post(ServerRequestBridge.restore(answer, frame, id: id), from: loop)
    }

    func answer(result: [UInt8], from loop: LoopGateway) {
        guard finish(withdraws: false) else { return }
        link.post(RPCResult.answer(id: id, result: result), from: loop)
    }

    /// The client cannot be asked, or gave no answer.
    func fail(_ failure: InputFailure, from loop: LoopGateway) { fail(failure.rpcError, from: loop) }

    func fail(_ error: RPCError, from loop: LoopGateway) {
        guard finish(withdraws: true) else { return }
        link.post(error.answer(id: id), from: loop)
    }

    /// The server waits no longer: it took the request back, or is gone.
    func drop() { _ = finish(withdraws: true) }

    /// The client reports how far it is, to a server that asked for it.
    /// - Parameter message: a `notifications/progress` under the gateway's token.
    func progressed(_ message: [UInt8], _ frame: Frame, from loop: LoopGateway) {
        guard !isOver, !self.frame.progressToken.isEmpty else { return }
        let token = Array(self.message[self.frame.progressToken.range])
        guard let restored = NotificationBridge.restoringProgressToken(message, frame, token) else { return }
        link.post(restored, from: loop)
    }

    /// A call has ended that waited while the client was asked. What is surely or presumably of that call
    /// ends with it; a request that merely came while a call was answered may well be of another task of the
    /// server.
    func ended(_ call: Call, answered: Bool) {
        let isOnlyCall = shared.withLock { shared in
            defer { shared.waiting.removeAll { $0 === call } }
            return shared.waiting.count == 1
        }
        if isOfCall || isOnlyCall && !answered { fail(.callEnded, from: call.loop) }
    }

    /// - Returns: false if the request was over already.
    private func finish(withdraws: Bool) -> Bool {
        let ended = shared.withLock { shared -> Shared? in
            guard !shared.isOver else { return nil }
            defer { shared = Shared(isOver: true) }
            return shared
        }
        guard let ended else { return false }
        ended.deadline?.cancel()
        link.forget(self)
        if withdraws { ended.withdraw?() }
        for call in ended.waiting { call.loop.run { call.endAsking(self) } }
        return true
    }
}
