import Sessions

/// One loop's connections to a scripted server.
final class ScriptedPool: HTTPUpstream, @unchecked Sendable {
    // Proof of Sendable: as its world.
    let server: ScriptedServer
    let loop: any Loop
    private(set) var isRetired = false

    init(_ server: ScriptedServer, _ loop: any Loop) {
        self.server = server
        self.loop = loop
        server.pools.append(self)
    }

    func post(
        _ body: [UInt8], _ headers: UpstreamHeaders, _ observer: any UpstreamObserver
    ) -> any UpstreamExchange {
        begin(observer) { [server] in server.post(JSON.object(body), headers, $0) }
    }

    func listen(_ headers: UpstreamHeaders, _ observer: any UpstreamObserver) -> any UpstreamExchange {
        begin(observer) { [server] in server.get(headers, $0) }
    }

    func delete(_ headers: UpstreamHeaders) {
        guard let id = headers.sessionID, server.sessions.removeValue(forKey: id) != nil else { return }
        server.deletedSessions += 1
    }

    func retire() { isRetired = true }

    private func begin(
        _ observer: any UpstreamObserver, _ body: @escaping (ScriptedExchange) -> Void
    ) -> any UpstreamExchange {
        if !loop.isCurrent { server.protocolErrors.append("a request from another loop") }
        let exchange = ScriptedExchange(server, loop, observer)
        // Requests on different connections overtake one another.
        exchange.arrive {
            if self.isRetired || !self.server.isUp {
                exchange.fail(.unreachable("connection refused"))
            } else if self.server.isCrowded {
                exchange.fail(.noConnectionFree)
            } else {
                body(exchange)
            }
        }
        return exchange
    }
}

/// One request at a scripted server over HTTP.
final class ScriptedExchange: UpstreamExchange, @unchecked Sendable {
    // Proof of Sendable: as its world.
    let server: ScriptedServer
    private let loop: any Loop
    private var observer: (any UpstreamObserver)?
    private var hasHead = false
    private(set) var isPaused = false
    private(set) var wasPaused = false
    let number: Int

    init(_ server: ScriptedServer, _ loop: any Loop, _ observer: any UpstreamObserver) {
        self.server = server
        self.loop = loop
        self.observer = observer
        server.requests += 1
        number = server.requests
        server.exchanges[ObjectIdentifier(self)] = self
    }

    func arrive(_ body: @escaping () -> Void) {
        let delay = Duration.microseconds(server.world?.someDelay ?? 0)
        let carried = Carried(body)
        _ = loop.schedule(after: delay) { carried.body() }
    }

    func later(_ body: @escaping () -> Void) {
        let carried = Carried(body)
        loop.execute { carried.body() }
    }

    private struct Carried: @unchecked Sendable {
        // Proof of Sendable: as its world.
        let body: () -> Void

        init(_ body: @escaping () -> Void) { self.body = body }
    }

    func cancel() {
        if !loop.isCurrent { server.protocolErrors.append("a request cancelled from another loop") }
        observer = nil
        close()
        if server.kind == .modern { server.held.removeAll { $0.exchange === self } }
    }

    func pauseReading(_ paused: Bool) {
        isPaused = paused
        if paused { wasPaused = true }
    }

    private func close() {
        server.exchanges[ObjectIdentifier(self)] = nil
        server.streams[ObjectIdentifier(self)] = nil
        server.listens.removeAll { $0.exchange === self }
    }

    private func head(_ status: Int, _ content: UpstreamHead.Content, _ sessionID: String? = nil) {
        guard !hasHead else { return }
        hasHead = true
        observer?.head(
            UpstreamHead(status: status, content: content, sessionID: sessionID, retryAfterSeconds: nil))
    }

    func answer(_ status: Int, _ message: JSONObject?, sessionID: String? = nil) {
        later {
            if let sessionID, self.observer != nil { self.server.sessions[sessionID]?.isKnown = true }
            self.head(status, message == nil ? .none : .json, sessionID)
            if let message { self.observer?.message(JSON.bytes(message), eventID: nil) }
            self.end()
        }
    }

    /// Refuses the request, asking for a pause.
    func refuse(_ status: Int, retryAfterSeconds: Int) {
        later {
            self.observer?.head(
                UpstreamHead(
                    status: status, content: .none, sessionID: nil, retryAfterSeconds: retryAfterSeconds))
            self.end()
        }
    }

    /// One event of a stream, which begins with the first.
    func event(_ message: JSONObject, isLast: Bool = false, sessionID: String? = nil) {
        later {
            if let sessionID, self.observer != nil { self.server.sessions[sessionID]?.isKnown = true }
            self.head(200, .eventStream, sessionID)
            self.observer?.message(JSON.bytes(message), eventID: nil)
            if isLast, !self.server.leavesStreamsOpen { self.end() }
        }
    }

    /// Names the pause before a stream is opened again.
    func retry(_ milliseconds: Int) { later { self.observer?.retry(milliseconds: milliseconds) } }

    /// An event without data, so that the client can come back to the stream.
    func prime(_ id: String, retry milliseconds: Int) {
        later {
            self.head(200, .eventStream)
            self.observer?.message([], eventID: id)
            self.observer?.retry(milliseconds: milliseconds)
        }
    }

    /// Ends an open stream.
    func finish() { later { self.end() } }

    func beginStream() { later { self.head(200, .eventStream) } }

    private func end() {
        close()
        observer.take()?.ended()
    }

    func fail(_ failure: UpstreamFailure) {
        close()
        later { self.observer.take()?.failed(failure) }
    }
}

extension ScriptedServer {
    func post(_ message: JSONObject, _ headers: UpstreamHeaders, _ exchange: ScriptedExchange) {
        fields.append(headers)
        guard let (peer, sessionID) = peer(message, headers, exchange) else { return }
        if message["id"] == nil || message.method == nil {
            take(message, peer, exchange, reply: { _ in }, notify: { _ in })
            return exchange.answer(202, nil)
        }
        if message.method == "subscriptions/listen", !offersStream {
            methods.append("subscriptions/listen")
            return exchange.answer(404, nil)
        }
        if kind == .legacy, pollRounds > 0, message.method == "tools/call" {
            return poll(message, peer, exchange)
        }
        var streams = streamsAnswers
        take(message, peer, exchange) { answer in
            if streams {
                exchange.event(answer, isLast: true, sessionID: sessionID)
            } else {
                let isUnknown = self.kind == .modern && answer.errorCode == -32601
                exchange.answer(isUnknown ? 404 : 200, answer, sessionID: sessionID)
            }
        } notify: { message in
            streams = true
            exchange.event(message, sessionID: sessionID)
        }
    }

    /// Whose request it is; nil if it has been refused.
    private func peer(
        _ message: JSONObject, _ headers: UpstreamHeaders, _ exchange: ScriptedExchange
    ) -> (Peer, String?)? {
        if kind == .modern {
            let peer = Peer()
            guard message["id"] != nil, let method = message.method, method != "initialize" else {
                return (peer, nil)
            }
            let name = message.params["name"] ?? message.params["uri"] ?? message.params["taskId"]
            if message.method == "tools/call", mismatches > 0 {
                mismatches -= 1
                refuseHeaders(message, exchange)
                return nil
            }
            if headers.protocolVersion != "2026-07-28" || headers.mcpMethod != message.method
                || name.map({ "\($0)" != headers.mcpName }) ?? false
            {
                protocolErrors.append(
                    "headers \(headers.mcpMethod ?? "") \(headers.mcpName ?? "") do not repeat the body"
                )
                refuseHeaders(message, exchange)
                return nil
            }
            return (peer, nil)
        }
        guard keepsSessions else {
            statelessPeer.isInitialized = true
            return (statelessPeer, nil)
        }
        if message.method == "initialize" {
            let (id, peer) = openSession()
            return (peer, id)
        }
        guard let id = headers.sessionID else {
            exchange.answer(400, nil)
            return nil
        }
        guard let peer = sessions[id] else {
            exchange.answer(404, nil)
            return nil
        }
        return (peer, nil)
    }

    private func refuseHeaders(_ message: JSONObject, _ exchange: ScriptedExchange) {
        exchange.answer(
            400,
            [
                "jsonrpc": "2.0", "id": message["id"] ?? "",
                "error": ["code": -32020, "message": "header mismatch"],
            ])
    }

    func get(_ headers: UpstreamHeaders, _ exchange: ScriptedExchange) {
        methods.append("GET")
        fields.append(headers)
        if let id = headers.lastEventID, let poll = polls[id] { return goOn(with: poll, id, exchange) }
        guard offersStream, kind == .legacy else { return exchange.answer(405, nil) }
        if keepsSessions {
            guard let peer = headers.sessionID.flatMap({ sessions[$0] }) else {
                return exchange.answer(404, nil)
            }
            peer.unasked = { [weak exchange] in exchange?.event($0) }
        } else {
            statelessPeer.unasked = { [weak exchange] in exchange?.event($0) }
        }
        streams[ObjectIdentifier(exchange)] = (exchange, nil)
        exchange.beginStream()
    }
}
