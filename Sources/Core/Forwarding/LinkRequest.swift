import Sessions
import Wire

/// Hears of one request to a server, on the loop that made it: any number of `notified`, then one of the
/// others.
protocol LinkObserver: AnyObject, Sendable {
    /// The client's call that asks; nil for a request of the gateway's own.
    var call: Call? { get }
    /// The call that waits for its client to come back with answers.
    var parked: ParkedCall? { get }
    /// A notification that belongs to the request.
    func notified(_ message: [UInt8], _ frame: Frame)
    func answered(_ message: [UInt8], _ frame: Frame)
    func failed(_ failure: LinkFailure)
}

extension LinkObserver {
    var call: Call? { nil }
    var parked: ParkedCall? { nil }
}

/// A request under way on a link. Confined to the loop that made it.
protocol LinkRequest: AnyObject {
    /// Gives the request up: the server is told so, and the observer hears nothing more.
    func cancel()
    func pauseReading(_ paused: Bool)
    /// From now on another observer, on the same loop, hears of the request.
    func pass(to observer: any LinkObserver)
}

/// A request to a server over HTTP: finds the answer among what the server sends.
final class HTTPLinkRequest: LinkRequest, UpstreamObserver, @unchecked Sendable {
    // Proof of Sendable: the pool and the timers call back on the loop that asks.
    private let id: Int
    private let link: UpstreamLink
    private var observer: any LinkObserver
    private let limits: ScanLimits
    private let loop: LoopGateway
    private var exchange: (any UpstreamExchange)?
    private var head: UpstreamHead?
    private var isDone = false
    private var tail: (any ScheduledWork)?
    private var resumption = StreamResumption()
    /// The pause before the stream goes on.
    private var pause: (any ScheduledWork)?
    private var isResumed = false

    init(id: Int, link: UpstreamLink, loop: LoopGateway, observer: any LinkObserver) {
        self.id = id
        self.link = link
        self.loop = loop
        self.observer = observer
        limits = loop.gateway.scanLimits
    }

    func start(_ body: [UInt8], _ headers: UpstreamHeaders, _ pool: any HTTPUpstream) {
        exchange = pool.post(body, headers, self)
    }

    func cancel() {
        guard !isDone else { return }
        isDone = true
        pause?.cancel()
        exchange?.cancel()
        exchange = nil
        link.tellCancelled(id, from: loop)
    }

    func pauseReading(_ paused: Bool) { exchange?.pauseReading(paused) }

    func pass(to observer: any LinkObserver) { self.observer = observer }

    func head(_ head: UpstreamHead) { self.head = head }

    func retry(milliseconds: Int) { resumption.wants(pause: milliseconds) }

    func message(_ bytes: [UInt8], eventID: String?) {
        guard !isDone else { return }
        if head?.content == .eventStream { resumption.saw(eventID) }
        let frame: Frame
        do throws(ScanError) {
            frame = try Scanner.scan(bytes, limits: limits)
        } catch {
            // A refusal's body need not be JSON; an empty event only primes the stream (2025-11-25).
            guard head.map({ $0.status < 300 }) ?? false, !bytes.isEmpty else { return }
            return finish(.malformed("\(error)"))
        }
        switch frame.kind {
        case .result where isAnswer(bytes, frame), .error where isAnswer(bytes, frame):
            finish(bytes, frame)
        case .notification: link.sort(bytes, frame, for: observer)
        case .request: link.asked(bytes, frame, during: observer, on: loop)
        case .batch: spread(bytes, frame)
        default: break
        }
    }

    func ended() {
        tail?.cancel()
        guard !isDone, !resumes(failed: false) else { return }
        let status = head?.status ?? 0
        switch status {
        case _ where isResumed: finish(.broken("the answer ended, and the server did not go on with it"))
        case 404 where link.hasSessionID: finish(.sessionLost)
        case 429, 503: finish(.overloaded(retryAfterSeconds: head?.retryAfterSeconds))
        case 200..<300: finish(.broken("the answer ended without a response"))
        default: finish(.refused(status: status))
        }
    }

    func failed(_ failure: UpstreamFailure) {
        tail?.cancel()
        guard !isDone, !resumes(failed: true) else { return }
        finish(LinkFailure(failure))
    }

    /// A legacy server may end the stream of an answer, and give the answer on another.
    private func resumes(failed: Bool) -> Bool {
        // Whoever refuses to go on does so for good.
        let isStream = head.map { $0.content == .eventStream && (200..<300).contains($0.status) }
        guard isStream ?? isResumed, let facts = link.facts, facts.era == .legacy,
            let next = resumption.next(failed: failed)
        else { return false }
        isResumed = true
        exchange = nil
        head = nil
        pause = loop.loop.schedule(after: .milliseconds(next.milliseconds)) {
            guard !self.isDone else { return }
            let headers = UpstreamHeaders.session(facts, after: next.lastEventID)
            self.exchange = self.loop.pool(of: self.link.hub).listen(headers, self)
        }
        return true
    }

    /// A 2025-03-26 server may answer with an array.
    private func spread(_ bytes: [UInt8], _ frame: Frame) {
        guard let elements = try? Batch.elements(bytes, frame, max: 100) else { return }
        for element in elements where !isDone {
            message(Array(bytes[element.range]), eventID: nil)
        }
    }

    private func isAnswer(_ bytes: [UInt8], _ frame: Frame) -> Bool {
        if frame.kind == .error, frame.idKind != .integer {
            // A server that could not read the request answers without its id; nothing else is due here. A
            // refused session is the link's to mend.
            return head.map { $0.status != 404 || !link.hasSessionID } ?? true
        }
        return frame.idKind == .integer && JSONView(bytes, frame.id).int == Int64(id)
            && !(head?.status == 404 && link.hasSessionID && frame.kind == .error && !isMethodNotFound(frame))
    }

    private func isMethodNotFound(_ frame: Frame) -> Bool { frame.errorCode == ErrorCode.methodNotFound }

    private func finish(_ bytes: [UInt8], _ frame: Frame) {
        isDone = true
        if head?.content == .eventStream, let exchange { tail = StreamTail.end(exchange, on: loop) }
        exchange?.pauseReading(false)
        exchange = nil
        observer.answered(bytes, frame)
    }

    private func finish(_ failure: LinkFailure) {
        guard !isDone else { return }
        isDone = true
        exchange?.cancel()
        exchange = nil
        observer.failed(failure)
    }
}
