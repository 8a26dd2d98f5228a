import Wire

/// Opens a session with a server: finds out the era it speaks and, in the legacy eras, initializes.
///
/// A value that takes what happened and returns what to do (mcp versioning, "Era detection"). It sends at
/// most four requests. The owner keeps the time: it calls `timedOut` when the last request's deadline passes.
package struct UpstreamHandshake: Sendable {
    package enum Carrier: Hashable, Sendable { case lines, http }

    package enum Action: Sendable {
        /// A request whose answer goes to `received`.
        case send([UInt8], UpstreamHeaders)
        /// A notification; nobody waits for an answer.
        case notify([UInt8], UpstreamHeaders)
        /// The session is open.
        case ready(ServerFacts)
        /// The process must be started anew; a new handshake then starts with this era remembered.
        case restart(remembered: Era)
        case fail(HandshakeFailure)
    }

    private enum State: Hashable, Sendable { case idle, discovering, initializing, finished }

    /// The request ids that one handshake may use: the owner's own ids start this much later.
    package static let reservedIDs = 4

    private let carrier: Carrier
    private let identity: ClientIdentity
    private var state = State.idle
    private var nextID: Int
    private var pendingID = 0
    private var discoveries = 0
    private var initializations = 0

    /// - Parameter firstID: the first id of `reservedIDs` that no other request on the connection uses.
    package init(carrier: Carrier, identity: ClientIdentity, firstID: Int = 1) {
        self.carrier = carrier
        self.identity = identity
        nextID = firstID
    }

    /// - Parameter remembered: the era that the server spoke last time.
    package mutating func start(remembered: Era?) -> [Action] {
        guard state == .idle else { return [] }
        return remembered == .legacy ? initialize(identity.version) : discover()
    }

    /// Takes a message of the server, or an HTTP answer's message. Messages that do not answer the pending
    /// request are ignored, except that over HTTP an error needs no id.
    /// - Parameters:
    ///   - httpStatus: nil over stdio.
    ///   - sessionID: the answer's `Mcp-Session-Id`.
    package mutating func received(
        _ message: [UInt8], _ frame: Frame, httpStatus: Int? = nil, sessionID: String? = nil
    ) -> [Action] {
        guard state == .discovering || state == .initializing, answersPending(message, frame) else {
            return []
        }
        switch frame.kind {
        case .result:
            let result = JSONView(message, frame.result)
            return state == .discovering ? discovered(result) : initialized(result, sessionID: sessionID)
        case .error:
            return refused(HandshakeError(message, frame), httpStatus: httpStatus)
        default: return []
        }
    }

    /// The HTTP answer was no JSON-RPC message, or ended without one.
    package mutating func receivedNoMessage(httpStatus: Int) -> [Action] {
        switch state {
        case .discovering:
            if httpStatus == 401 || httpStatus == 403 { return fail(.unauthorized(httpStatus: httpStatus)) }
            return fallBack(or: .httpStatus(httpStatus, .discover))
        case .initializing:
            if httpStatus == 401 || httpStatus == 403 { return fail(.unauthorized(httpStatus: httpStatus)) }
            return fail(
                (200...299).contains(httpStatus) ? .ended(.initialize) : .httpStatus(httpStatus, .initialize))
        case .idle, .finished: return []
        }
    }

    /// The HTTP request failed before its answer was whole.
    package mutating func failed(_ failure: UpstreamFailure) -> [Action] {
        switch (state, failure) {
        case (.idle, _), (.finished, _): []
        case (_, .unreachable(let detail)): fail(.unreachable(detail))
        case (_, .noConnectionFree): fail(.noConnectionFree)
        case (.discovering, _): fallBack(or: .ended(.discover))
        case (.initializing, _): fail(.ended(.initialize))
        }
    }

    /// The process ended: some legacy servers do when the first request is not `initialize`.
    package mutating func exited() -> [Action] {
        switch state {
        case .idle, .finished: return []
        case .discovering:
            guard initializations == 0 else { return fail(.ended(.discover)) }
            state = .finished
            return [.restart(remembered: .legacy)]
        case .initializing: return fail(.ended(.initialize))
        }
    }

    /// The pending request got no answer in time; a late one will be ignored.
    package mutating func timedOut() -> [Action] {
        switch state {
        case .idle, .finished: []
        case .discovering: fallBack(or: .timedOut(.discover))
        case .initializing: fail(.timedOut(.initialize))
        }
    }
}

extension UpstreamHandshake {
    private func answersPending(_ message: [UInt8], _ frame: Frame) -> Bool {
        switch frame.idKind {
        case .integer: JSONView(message, frame.id).int == Int64(pendingID)
        case .string: JSONView(message, frame.id).string == String(pendingID)
        case .absent, .null: frame.kind == .error
        case .invalid: false
        }
    }

    private mutating func takeID() -> Int {
        pendingID = nextID
        nextID += 1
        return pendingID
    }

    private mutating func discover() -> [Action] {
        state = .discovering
        discoveries += 1
        let headers = carrier == .http ? UpstreamHeaders.modern(.latestModern, .discover) : UpstreamHeaders()
        return [.send(HandshakeMessages.discover(id: takeID(), identity: identity), headers)]
    }

    private mutating func initialize(_ version: ProtocolVersion) -> [Action] {
        initializations += 1
        state = .initializing
        let message = HandshakeMessages.initialize(id: takeID(), identity: identity, version: version)
        return [.send(message, UpstreamHeaders())]
    }

    /// Goes on to `initialize` unless that was what led to `server/discover`.
    private mutating func fallBack(or failure: HandshakeFailure) -> [Action] {
        initializations == 0 ? initialize(identity.version) : fail(failure)
    }

    private mutating func fail(_ failure: HandshakeFailure) -> [Action] {
        state = .finished
        return [.fail(failure)]
    }

    /// A result of the wrong shape is no evidence of the modern era.
    private mutating func discovered(_ result: JSONView) -> [Action] {
        do throws(HandshakeFailure) {
            let facts = try ServerFacts(discoverResult: result)
            state = .finished
            return [.ready(facts)]
        } catch .noCommonVersion(let offered) {
            let version = HandshakeText.newest(of: offered, in: .legacy)
            guard let version, initializations < 2 else { return fail(.noCommonVersion(offered: offered)) }
            return initialize(version)
        } catch {
            return fallBack(or: error)
        }
    }

    private mutating func initialized(_ result: JSONView, sessionID: String?) -> [Action] {
        do throws(HandshakeFailure) {
            if let sessionID, !UpstreamHeaders.isSessionID(sessionID) { throw HandshakeFailure.badSessionID }
            let facts = try ServerFacts(initializeResult: result, sessionID: sessionID)
            state = .finished
            let headers = carrier == .http ? UpstreamHeaders.session(facts) : UpstreamHeaders()
            return [.notify(HandshakeMessages.initialized, headers), .ready(facts)]
        } catch {
            return fail(error)
        }
    }

    private mutating func refused(_ error: HandshakeError, httpStatus: Int?) -> [Action] {
        if let httpStatus, httpStatus == 401 || httpStatus == 403 {
            return fail(.unauthorized(httpStatus: httpStatus))
        }
        return state == .discovering ? discoverRefused(error) : initializeRefused(error)
    }

    private mutating func discoverRefused(_ error: HandshakeError) -> [Action] {
        guard error.isModern else { return fallBack(or: error.failure(.discover)) }
        guard error.code == ErrorCode.unsupportedProtocolVersion else {
            return fail(error.failure(.discover))
        }
        if let version = HandshakeText.newest(of: error.supported, in: .legacy), initializations == 0 {
            return initialize(version)
        }
        return fail(.noCommonVersion(offered: error.supported))
    }

    /// The error may name the server's revisions. A server that was legacy when it was remembered may be
    /// modern now, and one that answered `server/discover` too late has settled on the modern era.
    private mutating func initializeRefused(_ error: HandshakeError) -> [Action] {
        let namesModern = HandshakeText.newest(of: error.supported, in: .modern) != nil
        switch discoveries {
        case 0 where error.isModern || namesModern || error.code == ErrorCode.methodNotFound:
            return discover()
        case 1 where error.isModern && namesModern: return discover()
        default: break
        }
        if initializations == 1, let version = HandshakeText.newest(of: error.supported, in: .legacy) {
            return initialize(version)
        }
        return fail(
            error.supported.isEmpty ? error.failure(.initialize) : .noCommonVersion(offered: error.supported))
    }
}
