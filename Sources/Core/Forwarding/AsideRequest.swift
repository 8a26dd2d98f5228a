import Sessions

/// A request of the gateway's own whose answer says nothing; given up after a while. Confined to its loop.
final class AsideRequest: @unchecked Sendable {
    // Proof of Sendable: the timer and the link call back on the loop that sent it.
    private var request: (any LinkRequest)?
    private var timer: (any ScheduledWork)?
    private var isOver = false

    static func send(
        _ body: [UInt8], id: Int, _ headers: UpstreamHeaders, _ link: UpstreamLink, from loop: LoopGateway
    ) {
        let aside = AsideRequest()
        let request = link.send(
            body, id: id, headers, from: loop, ClosureObserver { _ in aside.finish() })
        guard !aside.isOver else { return }
        aside.request = request
        aside.timer = loop.loop.schedule(after: .milliseconds(AsidePost.milliseconds)) {
            aside.request?.cancel()
            aside.finish()
        }
    }

    private func finish() {
        isOver = true
        timer?.cancel()
        timer = nil
        request = nil
    }
}
