import NIOCore

/// One client of the control socket, from its handshake to its end. Confined to its loop.
final class AttachServerConnection {
    private enum State {
        case securing
        case requesting(names: [String])
        /// The descriptors have not changed hands yet.
        case offered(AttachPeer)
        case attached(AttachPeer)
        case ended
    }

    private let id: UInt64
    private let credentials: PeerCredentials
    private unowned let lobby: AttachLobby
    private var state = State.securing
    private var deadline: Scheduled<Void>?
    private var channel: AttachChannel?

    init(_ id: UInt64, _ credentials: PeerCredentials, _ lobby: AttachLobby) {
        self.id = id
        self.credentials = credentials
        self.lobby = lobby
    }

    func begin(on channel: AttachChannel) {
        self.channel = channel
        expect(within: lobby.limits.requestTimeout)
    }

    func handle(_ event: AttachChannel.Event) {
        switch event {
        case .secured(let names): if case .securing = state { state = .requesting(names: names) }
        case .line(let line): read(line)
        case .lineTooLong: refuse(AttachRefusal(.lineTooLong, "a line has more bytes than are taken"))
        case .failed(let problem):
            if case .securing = state {
                turnAway(.notTrusted(reason: problem.attachText, processID: credentials.processID))
            }
        case .closed: end()
        }
    }

    /// The descriptors changed hands: the connection lasts as long as the client.
    func confirm() {
        guard case .offered(let peer) = state else { return }
        deadline?.cancel()
        state = .attached(peer)
    }

    func tell(_ notice: AttachNotice) {
        guard case .segmentsChanged(let token) = notice else { return }
        send(AttachLine(segmentsChanged: .init(token: token)))
    }

    func close() { channel?.close() }

    // MARK: What the client says

    private func read(_ text: [UInt8]) {
        guard let line = AttachLine.read(text, as: AttachLine.self) else {
            return refuse(AttachRefusal(.badRequest, "the line is not a JSON object that is known here"))
        }
        switch state {
        case .requesting(let names):
            guard let request = line.attach, request.isWellFormed else {
                return refuse(AttachRefusal(.badRequest, "the first line is not a request to attach"))
            }
            consider(request, names)
        case .offered(let peer), .attached(let peer):
            guard line.refresh != nil, let token = lobby.host.refreshed(peer) else {
                return refuse(AttachRefusal(.badRequest, "only refresh is understood once attached"))
            }
            tell(.segmentsChanged(token: token))
        case .securing, .ended: return
        }
    }

    private func consider(_ request: AttachRequest, _ names: [String]) {
        guard !lobby.names(for: request.role).isDisjoint(with: names) else {
            let text = "the certificate is not for the role \(request.role.rawValue)"
            return refuse(AttachRefusal(.wrongName, text))
        }
        let processID = credentials.processID > 0 ? credentials.processID : request.processID
        let peer = AttachPeer(id: id, role: request.role, name: request.name, processID: processID)
        switch lobby.host.requested(request, by: peer) {
        case .success(let offer):
            state = .offered(peer)
            expect(within: lobby.limits.confirmationTimeout)
            send(offer)
        case .failure(let refusal): refuse(refusal)
        }
    }

    // MARK: What it is told

    private func send(_ value: some Encodable) {
        if channel?.write(AttachLine.text(value)) == false { close() }
    }

    private func refuse(_ refusal: AttachRefusal) {
        send(AttachLine(error: refusal))
        turnAway(.refused(refusal, processID: credentials.processID))
        close()
    }

    private func turnAway(_ reason: AttachTurnedAway) { lobby.host.turnedAway(reason) }

    private func expect(within limit: Duration) {
        deadline?.cancel()
        deadline = lobby.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) { [weak self] in
            guard let self else { return }
            turnAway(.timedOut(processID: credentials.processID))
            close()
        }
    }

    private func end() {
        deadline?.cancel()
        let last = state
        state = .ended
        channel = nil
        lobby.forget(id)
        switch last {
        case .offered(let peer), .attached(let peer): lobby.host.closed(peer)
        case .securing, .requesting, .ended: break
        }
    }
}
