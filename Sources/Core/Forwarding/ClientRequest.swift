import Sessions
import Synchronization
import Wire

/// A request that a legacy client has been sent, or is about to be. Used from any loop.
final class ClientRequest: Sendable {
    /// On what the client was asked.
    enum Path: Sendable {
        case call(Call)
        case stream(ClientStream)
    }

    enum Outcome: Sendable {
        /// A result or an error.
        case answered([UInt8], Frame)
        case failed(InputFailure)
    }

    private struct Shared {
        var path: Path?
        var patience: (any ScheduledWork)?
    }

    /// The id towards the client, unique within its session.
    let id: Int
    let body: [UInt8]
    /// Takes what becomes of it, on any loop, once at most.
    let completion: @Sendable (Outcome, LoopGateway) -> Void
    let progressed: @Sendable (_ message: [UInt8], Frame, LoopGateway) -> Void
    private let shared = Mutex(Shared())

    init(
        id: Int, body: [UInt8],
        progressed: @escaping @Sendable ([UInt8], Frame, LoopGateway) -> Void,
        completion: @escaping @Sendable (Outcome, LoopGateway) -> Void
    ) {
        self.id = id
        self.body = body
        self.progressed = progressed
        self.completion = completion
    }

    var isSent: Bool { shared.withLock { $0.path != nil } }

    /// What fails it if it can't be sent for long.
    func wait(_ patience: any ScheduledWork) { shared.withLock { $0.patience = patience } }

    /// - Returns: false if it has been sent already.
    func goes(over path: Path) -> Bool {
        let (isFirst, patience) = shared.withLock { shared -> (Bool, (any ScheduledWork)?) in
            guard shared.path == nil else { return (false, nil) }
            shared.path = path
            return (true, shared.patience.take())
        }
        patience?.cancel()
        return isFirst
    }

    /// Ends the waiting, whichever way it ended.
    func settle() { shared.withLock { $0.patience.take() }?.cancel() }

    /// Tells the client, if it was asked, that nobody waits for its answer any more.
    /// - Parameter stream: the session's own, for a call that has ended.
    func takeBack(orOn stream: ClientStream?) {
        let note = GatewayMessages.cancelled(requestID: Array(String(id).utf8))
        switch shared.withLock({ $0.path }) {
        case .stream(let own): own.send(note, isDroppable: false)
        case .call(let call):
            call.loop.run { if !call.carry(note) { stream?.send(note, isDroppable: false) } }
        case nil: break
        }
    }
}
