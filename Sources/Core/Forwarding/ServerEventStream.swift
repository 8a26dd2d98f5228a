import Identifiers
import Sessions
import Wire

/// Keeps one event stream of a server over HTTP open, for what the server sends unasked: opens it again when
/// it ends, after the pause that the server named in a `retry` field, or after one that grows. Confined to
/// its loop.
final class ServerEventStream: @unchecked Sendable {
    // Proof of Sendable: all methods and callbacks run on `loop`.
    private let link: UpstreamLink
    private let loop: LoopGateway
    private let open: (_ lastEventID: String?, any UpstreamObserver) -> any UpstreamExchange
    private let heard: ([UInt8], Frame) -> Void
    private let reopens: () -> Void
    private let refused: (_ status: Int) -> Void
    private var exchange: (any UpstreamExchange)?
    private var retry: (any ScheduledWork)?
    private var failures = 0
    private var openedAt: MonotonicTime?
    private var isStopped = false
    /// Where a legacy server's stream ended, so that it can go on from there.
    private var lastEventID: String?
    /// What the server last asked for, within `namedPauses`; kept over streams (WHATWG HTML, 9.2.6).
    private var namedPause: Int?

    private static let maxFailures = 6
    /// A stream that lasted this long did not fail: servers close idle ones now and then.
    private static let goodMilliseconds = 5_000
    private static let firstPauseMilliseconds = 250...500
    /// The pauses in milliseconds that a server may ask for: an eager one is not asked without end, and an
    /// announcement is not missed for hours.
    private static let namedPauses = 250...60_000

    /// - Parameters:
    ///   - open: sends the request whose answer is the stream.
    ///   - heard: takes each notification.
    ///   - reopens: called before the stream is opened again: what was sent meanwhile is lost.
    ///   - refused: called if the server offers no such stream.
    init(
        link: UpstreamLink, loop: LoopGateway,
        open: @escaping (_ lastEventID: String?, any UpstreamObserver) -> any UpstreamExchange,
        heard: @escaping ([UInt8], Frame) -> Void, reopens: @escaping () -> Void = {},
        refused: @escaping (_ status: Int) -> Void = { _ in }
    ) {
        self.link = link
        self.loop = loop
        self.open = open
        self.heard = heard
        self.reopens = reopens
        self.refused = refused
    }

    func start() {
        guard !isStopped else { return }
        openedAt = loop.now
        let observer = Observer(self)
        exchange = open(lastEventID, observer)
        if observer.isOver { exchange = nil }
    }

    func stop() {
        isStopped = true
        exchange?.cancel()
        exchange = nil
        retry?.cancel()
        retry = nil
    }

    private func took(_ bytes: [UInt8]) {
        guard !isStopped, let frame = try? Scanner.scan(bytes, limits: loop.gateway.scanLimits) else {
            return
        }
        switch frame.kind {
        case .notification:
            failures = 0
            heard(bytes, frame)
        case .request: link.asked(bytes, frame, during: nil, on: loop)
        default: break
        }
    }

    private func took(pause milliseconds: Int) {
        namedPause = min(max(milliseconds, Self.namedPauses.lowerBound), Self.namedPauses.upperBound)
    }

    /// - Parameter isWhole: the server ended the stream itself, rather than broke off.
    private func ended(status: Int, isWhole: Bool) {
        exchange = nil
        guard !isStopped else { return }
        if (400..<500).contains(status) {
            // It may be the place to go on from that is refused.
            guard lastEventID != nil else { return refused(status) }
            lastEventID = nil
        }
        let delay = pause(isWhole)
        retry = loop.loop.schedule(after: .milliseconds(delay)) { [weak self] in
            guard let self, !self.isStopped else { return }
            self.reopens()
            self.start()
        }
    }

    /// How long to wait, in milliseconds.
    private func pause(_ isWhole: Bool) -> Int {
        if let openedAt, loop.now >= openedAt.advanced(byMilliseconds: Self.goodMilliseconds) { failures = 0 }
        // A server that names the pause and then ends the stream wants to be asked again after it.
        if isWhole, let namedPause { return namedPause }
        failures = min(failures + 1, Self.maxFailures)
        let growing = Int.random(in: Self.firstPauseMilliseconds) << (failures - 1)
        return max(growing, namedPause ?? 0)
    }

    private final class Observer: UpstreamObserver {
        private weak var stream: ServerEventStream?
        private var status = 0
        private(set) var isOver = false

        init(_ stream: ServerEventStream) { self.stream = stream }

        func head(_ head: UpstreamHead) { status = head.status }

        func message(_ bytes: [UInt8], eventID: String?) {
            guard (200..<300).contains(status) else { return }
            if let eventID, !eventID.isEmpty { stream?.lastEventID = eventID }
            stream?.took(bytes)
        }

        func retry(milliseconds: Int) { stream?.took(pause: milliseconds) }

        func ended() {
            isOver = true
            stream?.ended(status: status, isWhole: (200..<300).contains(status))
        }

        func failed(_ failure: UpstreamFailure) {
            isOver = true
            stream?.ended(status: 0, isWhole: false)
        }
    }
}
