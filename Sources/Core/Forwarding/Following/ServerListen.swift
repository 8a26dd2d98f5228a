import Sessions
import Wire

/// One `subscriptions/listen` at a modern server. Confined to the hub's home loop.
final class ServerListen: LinkObserver, @unchecked Sendable {
    // Proof of Sendable: made, heard and ended on the hub's home loop.
    enum End {
        /// The server ended the stream, or it broke.
        case over
        /// The server does not take such a request; its raw JSON error, if it gave one.
        case refused([UInt8]?)
        case failed(LinkFailure)
    }

    let filter: SubscriptionFilter
    /// What the server agreed to; nil until it has.
    private(set) var agreed: SubscriptionFilter?
    private let taken: (ServerListen) -> Void
    private let heard: (ServerListen, [UInt8], Frame) -> Void
    private let ended: (ServerListen, End) -> Void
    private var request: (any LinkRequest)?
    private var isOver = false

    /// - Parameters:
    ///   - taken: called when the server has acknowledged.
    ///   - heard: takes the notifications that the link does not sort itself.
    ///   - ended: called once, unless `cancel` came first.
    init(
        _ filter: SubscriptionFilter, taken: @escaping (ServerListen) -> Void,
        heard: @escaping (ServerListen, [UInt8], Frame) -> Void,
        ended: @escaping (ServerListen, End) -> Void
    ) {
        self.filter = filter
        self.taken = taken
        self.heard = heard
        self.ended = ended
    }

    func send(on link: UpstreamLink, _ facts: ServerFacts, from home: LoopGateway) {
        guard let meta = ModernMeta(for: facts, as: link.identity) else { return }
        let id = home.takeRequestID()
        let body = GatewayMessages.listen(id: id, filter, meta: meta)
        let request = link.send(
            body, id: id, .own(.listen, facts), from: home, self, isListen: true)
        if !isOver { self.request = request }
    }

    func cancel() {
        guard !isOver else { return }
        isOver = true
        request?.cancel()
        request = nil
    }

    func notified(_ message: [UInt8], _ frame: Frame) {
        guard !isOver else { return }
        guard Method(of: frame, in: message) == .subscriptionsAcknowledged else {
            return heard(self, message, frame)
        }
        guard agreed == nil else { return }
        // A server that does not say what it agrees to agrees to nothing that needs to be named.
        let params = frame.params.isEmpty ? nil : JSONView(message, frame.params)
        agreed = params.flatMap { try? SubscriptionFilter(params: $0) } ?? SubscriptionFilter()
        taken(self)
    }

    func answered(_ message: [UInt8], _ frame: Frame) {
        finish(
            frame.kind == .error && agreed == nil
                ? .refused(Array(message[frame.error.range])) : .over)
    }

    func failed(_ failure: LinkFailure) {
        switch failure {
        case .refused(let status) where (400..<500).contains(status) && agreed == nil: finish(.refused(nil))
        case .broken where agreed != nil: finish(.over)
        default: finish(.failed(failure))
        }
    }

    private func finish(_ end: End) {
        guard !isOver else { return }
        isOver = true
        request = nil
        ended(self, end)
    }
}
