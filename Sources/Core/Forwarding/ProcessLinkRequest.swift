import Sessions
import Wire

/// A request to a server's process: carries what comes on the link's loop over to the loop that asked.
final class ProcessLinkRequest: LinkRequest, @unchecked Sendable {
    // Proof of Sendable: `isDone` and `observer` are touched on the asking loop alone; the rest is immutable.
    let id: Int
    /// Whether the answer is a stream of notifications that ends late or never.
    let isListen: Bool
    private let link: UpstreamLink
    private let loop: LoopGateway
    private var observer: any LinkObserver
    private var isDone = false

    init(
        id: Int, link: UpstreamLink, loop: LoopGateway, observer: any LinkObserver, isListen: Bool = false
    ) {
        self.id = id
        self.isListen = isListen
        self.link = link
        self.loop = loop
        self.observer = observer
    }

    func cancel() {
        guard !isDone else { return }
        isDone = true
        link.tellCancelled(id, from: loop)
    }

    /// One process serves many calls over one pipe, which a single slow reader must not hold up.
    func pauseReading(_ paused: Bool) {}

    func pass(to observer: any LinkObserver) { self.observer = observer }

    func deliver(_ message: [UInt8], _ frame: Frame) {
        loop.run {
            guard !self.isDone else { return }
            self.isDone = true
            self.observer.answered(message, frame)
        }
    }

    func deliverNotification(_ message: [UInt8], _ frame: Frame) {
        loop.run { if !self.isDone { self.observer.notified(message, frame) } }
    }

    func deliver(_ failure: LinkFailure) {
        loop.run {
            guard !self.isDone else { return }
            self.isDone = true
            self.observer.failed(failure)
        }
    }
}
