import NIOCore
import NIOPosix
import NIOSSL

/// A client's side of the control connection, as long as it is attached.
package final class AttachConnection: Sendable {
    private typealias Events = AsyncStream<AttachChannel.Event>

    /// Notices that are kept for a client that is busy; of more, the oldest go: the newest replaces them.
    private static let keptEvents = 16

    package let offer: AttachOffer
    package let path: String
    private let channel: any Channel
    private let lines: NIOLoopBoundBox<AttachChannel?>
    private let events: AsyncStream<AttachChannel.Event>

    private init(
        _ offer: AttachOffer, _ path: String, _ channel: any Channel,
        _ lines: NIOLoopBoundBox<AttachChannel?>,
        _ events: AsyncStream<AttachChannel.Event>
    ) {
        self.offer = offer
        self.path = path
        self.channel = channel
        self.lines = lines
        self.events = events
    }

    /// Connects, shows the certificate, and asks to attach.
    ///
    /// - Parameters:
    ///   - gatewayName: what the gateway's certificate has to be for.
    ///   - timeout: from the start to the offer.
    package static func open(
        path: String, request: AttachRequest, tls: MutualTLS, gatewayName: String, on loops: EventLoops,
        timeout: Duration = .seconds(5)
    ) async throws(AttachFailure) -> AttachConnection {
        let eventLoop = loops.all[0].eventLoop
        let (events, continuation) = Events.makeStream(bufferingPolicy: .bufferingNewest(keptEvents))
        let maxLineBytes = AttachLimits().maxLineBytes
        let lines = NIOLoopBoundBox<AttachChannel?>.makeEmptyBox(eventLoop: eventLoop)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: eventLoop).connectTimeout(TimeAmount(timeout))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(
                            NIOSSLClientHandler(context: tls.context, serverHostname: gatewayName))
                        let made = AttachChannel(maxLineBytes: maxLineBytes, timeout: timeout) { event in
                            continuation.yield(event)
                            if case .closed = event { continuation.finish() }
                        }
                        try pipeline.addHandler(made)
                        lines.value = made
                    }
                }
                .connect(unixDomainSocketPath: path).get()
        } catch {
            throw AttachFailure(ConnectionProblem(error, timeout: timeout), path: path)
        }
        let deadline = eventLoop.scheduleTask(in: TimeAmount(timeout)) {
            continuation.yield(.failed(.timedOut(timeout)))
            channel.close(promise: nil)
        }
        defer { deadline.cancel() }
        do throws(AttachFailure) {
            let offer = try await Self.offer(events, lines, request, path)
            return AttachConnection(offer, path, channel, lines, events)
        } catch {
            channel.close(promise: nil)
            throw error
        }
    }

    private static func offer(
        _ events: Events, _ lines: NIOLoopBoundBox<AttachChannel?>, _ request: AttachRequest, _ path: String
    ) async throws(AttachFailure) -> AttachOffer {
        for await event in events {
            switch event {
            case .secured: Self.send(AttachLine(attach: request), lines)
            case .failed(let problem): throw AttachFailure(problem, path: path)
            case .closed: throw .closed(path: path)
            case .lineTooLong: throw .badAnswer(path: path)
            case .line(let line):
                if let offer = AttachLine.read(line, as: AttachOffer.self) { return offer }
                guard let error = AttachLine.read(line, as: AttachLine.self)?.error else {
                    throw .badAnswer(path: path)
                }
                throw .refused(error)
            }
        }
        throw .closed(path: path)
    }

    private static func send(_ line: AttachLine, _ lines: NIOLoopBoundBox<AttachChannel?>) {
        lines.eventLoop.execute { _ = lines.value?.write(AttachLine.text(line)) }
    }

    /// Waits for what the gateway says next. To be called by one task at a time.
    ///
    /// - Throws: when the attachment has ended; the same again at each further call.
    package func notice() async throws(AttachFailure) -> AttachNotice {
        for await event in events {
            switch event {
            case .line(let line):
                guard let line = AttachLine.read(line, as: AttachLine.self) else {
                    throw .badAnswer(path: path)
                }
                if let error = line.error { throw .refused(error) }
                if let change = line.segmentsChanged { return .segmentsChanged(token: change.token) }
            case .failed(let problem): throw AttachFailure(problem, path: path)
            case .lineTooLong: throw .badAnswer(path: path)
            case .secured: continue
            case .closed: throw .closed(path: path)
            }
        }
        throw .closed(path: path)
    }

    /// Asks for another token, which comes as a notice.
    package func refresh() { Self.send(AttachLine(refresh: .init()), lines) }

    package func close() { channel.close(promise: nil) }
}
