import Sessions
import Wire

// GET with `Last-Event-ID`: a legacy client reads on where its connection broke.
extension LoopGateway {
    /// Resumes a stream, or begins the session's general one.
    func openStream(
        of session: LegacySession, after lastEventID: String?, _ exchange: any HTTPExchange,
        _ endpoint: Endpoint
    ) {
        guard let lastEventID, session.isResumable else {
            return openGeneral(session, nil, exchange, endpoint)
        }
        guard let id = EventID(lastEventID) else { return refuse(exchange, .eventUnknown, id: nil) }
        switch session.events.find(id) {
        // What is lost is lost; to refuse the stream would lose what follows as well.
        case .general(let isWhole): openGeneral(session, id, isWhole: isWhole, exchange, endpoint)
        case .answer(let reply): resume(reply, id, session, exchange, endpoint)
        case .unknown: refuse(exchange, .eventUnknown, id: nil)
        }
    }

    private func openGeneral(
        _ session: LegacySession, _ id: EventID?, isWhole: Bool = true, _ exchange: any HTTPExchange,
        _ endpoint: Endpoint
    ) {
        if session.isResumable { session.events.openGeneral() }
        let stream = ClientStream(
            exchange, eventName: nil, log: session.isResumable ? session.events : nil)
        let entry = StreamTable.Entry(
            stream: stream, endpoint: endpoint, audience: .session(session), ownsStream: true)
        guard streams.add(entry) else { return refuse(exchange, 503, allow: nil) }
        exchange.attachment = StreamHold(stream: stream, session: session, endsSession: false)
        exchange.beginStream(HTTPAnswer.Headers(sessionID: session.id))
        if session.wantsPriming {
            prime(exchange, session.events, EventLog.general, after: id)
        } else {
            exchange.comment("open")
        }
        let seen = session.takeCatalogAtDetach()
        session.attach(stream) {
            // What other loops send from now on comes here after this turn.
            guard let id else { return }
            for event in session.events.events(after: id) { stream.send(event.payload, id: event.id) }
            // The gateway announces changes of lists to open streams alone.
            guard !isWhole || seen.map({ $0 != view.catalog.generation }) ?? false else { return }
            for method in [Method.toolsListChanged, .promptsListChanged, .resourcesListChanged] {
                stream.offer(GatewayMessages.listChanged(method))
            }
        }
    }

    /// A client that resumes goes on from the event that it named until it has seen a later one.
    private func prime(
        _ exchange: any HTTPExchange, _ log: EventLog, _ stream: UInt32, after id: EventID?
    ) {
        exchange.event(
            name: nil, id: (id ?? log.mark(stream)).text, retryMilliseconds: HTTPReply.retryMilliseconds,
            data: [])
    }

    private func resume(
        _ reply: HTTPReply?, _ id: EventID, _ session: LegacySession, _ exchange: any HTTPExchange,
        _ endpoint: Endpoint
    ) {
        let stream = ClientStream(exchange, eventName: nil)
        let entry = StreamTable.Entry(
            stream: stream, endpoint: endpoint, audience: .answer, ownsStream: true)
        guard streams.add(entry) else { return refuse(exchange, 503, allow: nil) }
        exchange.attachment = StreamHold(stream: stream, session: nil, endsSession: false)
        exchange.beginStream(HTTPAnswer.Headers(sessionID: session.id))
        if session.wantsPriming { prime(exchange, session.events, id.stream, after: id) }
        if let reply { return reply.resume(on: stream, after: id) }
        for event in session.events.events(after: id) { stream.send(event.payload, id: event.id) }
        stream.end()
    }
}
