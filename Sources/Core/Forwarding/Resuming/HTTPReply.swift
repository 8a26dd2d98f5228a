import Identifiers
import Sessions

/// Answers a POST: as plain JSON, or as an event stream once something has to be said ahead of the answer. A
/// legacy session's stream can be resumed on another connection.
final class HTTPReply: Reply, @unchecked Sendable {
    // Proof of Sendable: confined to the exchange's loop, as the protocol says, but for `loop`, which is
    // immutable.
    private enum Sink {
        case exchange
        /// The client has gone, and may come back.
        case nobody
        /// Where the client reads on.
        case stream(ClientStream)
    }

    /// Tells clients how soon to come back (2025-11-25, basic/transports).
    static let retryMilliseconds = 1_000

    let loop: any Loop
    private let exchange: any HTTPExchange
    private let callID: CallID
    private let sessionID: String?
    /// Whose log keeps the events; nil for what can't be resumed.
    private let session: LegacySession?
    private var track: UInt32?
    private var sink = Sink.exchange
    private var isStreaming = false
    private var isDone = false

    /// - Parameters:
    ///   - sessionID: the session that the answer opens, for the `Mcp-Session-Id` header.
    ///   - session: the legacy session in which the request came.
    init(
        _ exchange: any HTTPExchange, callID: CallID, sessionID: String? = nil,
        in session: LegacySession? = nil
    ) {
        self.exchange = exchange
        self.callID = callID
        self.sessionID = sessionID
        self.session = session
        loop = exchange.loop
    }

    var isWritable: Bool {
        switch sink {
        case .exchange: exchange.isWritable
        case .nobody: true
        case .stream(let stream): stream.isWritable
        }
    }

    var isResumable: Bool { track != nil }

    func notify(_ message: [UInt8]) {
        guard !isDone else { return }
        beginStream()
        write(message)
    }

    func ask(_ message: [UInt8]) { notify(message) }

    /// Turns the answer into an event stream now, for an answer that never ends by itself.
    func beginStream() {
        guard !isStreaming, !isDone else { return }
        isStreaming = true
        // Who left ahead of the first event knows of none to come back to.
        guard case .exchange = sink else { return }
        exchange.beginStream(HTTPAnswer.Headers(callID: callID.text, sessionID: sessionID))
        guard let session, session.isResumable else { return }
        track = session.events.begin(self)
        if let track, session.wantsPriming {
            exchange.event(
                name: nil, id: session.events.mark(track).text, retryMilliseconds: Self.retryMilliseconds,
                data: [])
        }
    }

    private func write(_ message: [UInt8]) {
        let id = track.flatMap { session?.events.record(message, on: $0) }
        switch sink {
        case .exchange: exchange.event(name: nil, id: id?.text, retryMilliseconds: nil, data: message)
        case .nobody: break
        case .stream(let stream): stream.send(message, id: id)
        }
    }

    private func endStream() {
        if let track { session?.events.finish(track) }
        switch sink {
        case .exchange: exchange.endStream()
        case .nobody: break
        case .stream(let stream): stream.end()
        }
    }

    func answer(_ message: [UInt8], status: Int, callID: CallID) {
        guard !isDone else { return }
        isDone = true
        if isStreaming {
            write(message)
            endStream()
        } else if !isDeserted {
            exchange.answer(
                HTTPAnswer(
                    status: status, headers: HTTPAnswer.Headers(callID: callID.text, sessionID: sessionID),
                    content: .json, body: message))
        }
    }

    func drop() {
        guard !isDone else { return }
        isDone = true
        if isStreaming {
            endStream()
        } else if !isDeserted {
            exchange.answer(HTTPAnswer(status: 202, headers: HTTPAnswer.Headers(callID: callID.text)))
        }
    }

    // MARK: Connections that break

    func clientLeft() {
        if case .exchange = sink { sink = .nobody }
    }

    var isDeserted: Bool {
        if case .nobody = sink { true } else { false }
    }

    /// The client reads on from another connection. Callable on any loop.
    func resume(on stream: ClientStream, after id: EventID) {
        guard loop.isCurrent else { return loop.execute { self.resume(on: stream, after: id) } }
        if !isDone {
            switch sink {
            case .exchange:
                // The client knows better than the connection that it has left.
                (exchange.attachment as? Call)?.abandon()
                exchange.endStream()
            case .nobody: break
            case .stream(let old): old.end()
            }
            sink = .stream(stream)
        }
        for event in session?.events.events(after: id) ?? [] { stream.send(event.payload, id: event.id) }
        if isDone { stream.end() }
    }
}
