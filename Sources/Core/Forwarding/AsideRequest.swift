import Sessions

/// A request of the gateway's own that is given up after a while. Confined to its loop.
final class AsideRequest: @unchecked Sendable {
    // Proof of Sendable: the timer and the link call back on the loop that sent it.
    private var request: (any LinkRequest)?
    private var timer: (any ScheduledWork)?
    private var completion: ((Result<ClosureObserver.Answer, LinkFailure>) -> Void)?

    private init(_ completion: @escaping (Result<ClosureObserver.Answer, LinkFailure>) -> Void) {
        self.completion = completion
    }

    static func send(
        _ body: [UInt8], id: Int, _ headers: UpstreamHeaders, _ link: UpstreamLink, from loop: LoopGateway,
        _ completion: @escaping (Result<ClosureObserver.Answer, LinkFailure>) -> Void = { _ in }
    ) {
        let aside = AsideRequest(completion)
        let request = link.send(
            body, id: id, headers, from: loop, ClosureObserver { aside.finish($0) })
        guard aside.completion != nil else { return }
        aside.request = request
        aside.timer = loop.loop.schedule(after: .milliseconds(AsidePost.milliseconds)) {
            aside.request?.cancel()
            aside.finish(.failure(.timedOut(milliseconds: AsidePost.milliseconds)))
        }
    }

    private func finish(_ result: Result<ClosureObserver.Answer, LinkFailure>) {
        timer?.cancel()
        timer = nil
        request = nil
        completion.take()?(result)
    }
}
