import Identifiers
import Sessions
import Wire

// Streams and sessions that clients keep over HTTP, and clients that go.
extension LoopGateway {
    /// GET: a legacy session's stream.
    func openStream(_ request: HTTPRequest, _ exchange: any HTTPExchange, _ endpoint: Endpoint) {
        guard let sessionID = request.headers.sessionID else {
            return refuse(exchange, 405, allow: "POST")
        }
        guard ContentRules.acceptsEventStream(request.headers.accept) else {
            return refuse(exchange, .notAcceptable, id: nil)
        }
        guard let session = session(sessionID, of: request.principal, at: request.path) else {
            return refuse(exchange, .sessionUnknown, id: nil)
        }
        openStream(of: session, after: request.headers.lastEventID, exchange, endpoint)
    }

    /// DELETE: the client ends its session.
    func endSession(_ request: HTTPRequest, _ exchange: any HTTPExchange) {
        guard let sessionID = request.headers.sessionID else {
            return refuse(exchange, 405, allow: "POST")
        }
        guard let session = session(sessionID, of: request.principal, at: request.path) else {
            return refuse(exchange, .sessionUnknown, id: nil)
        }
        cancelCalls(of: session)
        gateway.sessions.end(sessionID)
        exchange.answer(HTTPAnswer(status: 204))
    }

    /// The client of a 2024-11-05 server opens its stream.
    func openEvents(_ request: HTTPRequest, _ exchange: any HTTPExchange, _ endpoint: Endpoint) {
        guard phase != .draining,
            let session = gateway.sessions.open(
                nil, principal: request.principal, endpointPath: request.path, gateway: gateway,
                now: now)
        else { return refuse(exchange, 503, allow: nil) }
        let stream = ClientStream(exchange, eventName: "message")
        let entry = StreamTable.Entry(
            stream: stream, endpoint: endpoint, audience: .session(session), ownsStream: true)
        guard streams.add(entry) else {
            gateway.sessions.end(session.id)
            return refuse(exchange, 503, allow: nil)
        }
        exchange.attachment = StreamHold(stream: stream, session: session, endsSession: true)
        exchange.beginStream(HTTPAnswer.Headers())
        let address = "/messages?session=\(session.id)"
        exchange.event(name: "endpoint", id: nil, retryMilliseconds: nil, data: Array(address.utf8))
        session.attach(stream)
    }

    /// A message of a 2024-11-05 client; its answer goes out on the stream.
    func postMessage(_ request: HTTPRequest, _ exchange: any HTTPExchange) {
        guard let id = request.query.split(separator: "&").first(where: { $0.hasPrefix("session=") }),
            let session = gateway.sessions.find(String(id.dropFirst("session=".count))),
            session.principal == request.principal, let stream = session.stream,
            let place = place(session.endpointPath, of: session.principal),
            case .events(let endpoint) = place
        else { return refuse(exchange, .sessionUnknown, id: nil) }
        let message = request.body
        let frame: Frame
        do throws(ScanError) {
            frame = try Scanner.scan(message, limits: gateway.scanLimits)
        } catch {
            return exchange.answer(Self.notJSON(error))
        }
        guard frame.kind != .invalid, frame.kind != .batch else {
            return refuse(exchange, .invalidMessage, id: nil)
        }
        // Answers go out on the stream, so who does not read there is asked to wait here.
        guard stream.isWritable else { return refuse(exchange, 503, allow: nil) }
        exchange.answer(HTTPAnswer(status: 202))
        let client = Incoming.Client(
            era: .legacy, principal: session.principal, endpoint: endpoint, session: session,
            disconnectCancels: true)
        streamed(message, frame, client, StreamReply(stream), now)
    }

    // MARK: Clients that go

    package func abandoned(_ exchange: any HTTPExchange) {
        let attachment = exchange.attachment
        exchange.attachment = nil
        switch attachment {
        case let hold as StreamHold:
            hold.stream.markClosed()
            hold.session?.detach(hold.stream, now: now, catalog: view.catalog.generation)
            if hold.endsSession, let session = hold.session {
                cancelCalls(of: session)
                gateway.sessions.end(session.id)
            }
        case let hold as SessionHold: gateway.sessions.end(hold.session.id)
        case let call as Call where call.incoming.client.disconnectCancels: call.cancel()
        case let call as Call: call.abandon()
        case let hold as ParkedHold where hold.disconnectCancels: cancelParked(hold.callID)
        case let hold as ParkedHold: hold.reply.clientLeft()
        default: break
        }
    }

    package func resumed(_ exchange: any HTTPExchange) {
        switch exchange.attachment {
        case let call as Call: call.resume()
        case let hold as StreamHold: hold.stream.becameWritable()
        default: break
        }
    }

    private func cancelCalls(of session: LegacySession) {
        for other in gateway.loops { other.run { other.cancel { $0.client.session === session } } }
    }
}

/// What an exchange that is a stream keeps.
final class StreamHold {
    let stream: ClientStream
    let session: LegacySession?
    /// The session lives as long as the stream (the 2024-11-05 transport).
    let endsSession: Bool

    init(stream: ClientStream, session: LegacySession?, endsSession: Bool) {
        self.stream = stream
        self.session = session
        self.endsSession = endsSession
    }
}

/// What the exchange of an `initialize` keeps until it is answered.
final class SessionHold {
    let session: LegacySession

    init(_ session: LegacySession) { self.session = session }
}
