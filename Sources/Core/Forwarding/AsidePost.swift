import Sessions

/// A notification or answer to a server over HTTP whose own answer says nothing; given up after a while, so
/// that a server that never answers does not hold connections. Confined to its loop.
final class AsidePost: UpstreamObserver, @unchecked Sendable {
    // Proof of Sendable: the timer and the pool call back on the loop that sent it, as their protocols say.
    static let milliseconds = 5_000

    private var exchange: (any UpstreamExchange)?
    private var timer: (any ScheduledWork)?
    private var completion: (() -> Void)?

    private init(_ completion: @escaping () -> Void) { self.completion = completion }

    /// - Parameter completion: called when the server has taken the message, or has failed to.
    static func send(
        _ body: [UInt8], _ headers: UpstreamHeaders, to pool: any HTTPUpstream, on loop: LoopGateway,
        milliseconds: Int = milliseconds, _ completion: @escaping () -> Void = {}
    ) {
        let post = AsidePost(completion)
        post.exchange = pool.post(body, headers, post)
        guard post.completion != nil else {
            post.exchange = nil
            return
        }
        post.timer = loop.loop.schedule(after: .milliseconds(milliseconds)) { [weak post] in
            post?.exchange?.cancel()
            post?.finish()
        }
    }

    private func finish() {
        timer?.cancel()
        timer = nil
        exchange = nil
        completion.take()?()
    }

    func head(_ head: UpstreamHead) {}
    func message(_ bytes: [UInt8], eventID: String?) {}
    func ended() { finish() }
    func failed(_ failure: UpstreamFailure) { finish() }
}
