import Identifiers
import Routing
import Sessions
import Wire

// Lists of many servers, and the greetings that depend on all of them.
extension LoopGateway {
    /// How long a list waits for servers that have not answered, from the request's arrival.
    static let listMilliseconds = 8_000
    /// How long a greeting does.
    static let greetingMilliseconds = 5_000
    /// How long stale lists of a server that is up are waited for before they are served as they are.
    static let staleMilliseconds = 2_500
    static let discoverTTLMilliseconds = 60_000

    func list(_ incoming: Incoming) {
        let now = self.now
        let hubs = view.hubs(at: incoming.client.endpoint).filter { hub in
            switch hub.state {
            case .starting: true
            case .up: !hub.lists.isFresh(now)
            // A server that is down is tried on its own schedule; a list does not wait for it.
            case .down, .removed: false
            }
        }
        wait(for: hubs, incoming) { self.answerList(incoming) }
    }

    private func answerList(_ incoming: Incoming) {
        guard let kind = ListKind(incoming.method), let lists = view.lists(at: incoming.client.endpoint)
        else {
            return fail(incoming, .methodNotFound(incoming.method.text, incoming.client.era))
        }
        var cursor: String?
        if !incoming.frame.paramsCursor.isEmpty {
            let value = JSONView(incoming.message, incoming.frame.paramsCursor)
            guard value.isNull || value.string != nil else { return fail(incoming, .badParameter("cursor")) }
            cursor = value.string
        }
        guard let page = lists.page(kind, cursor: cursor) else {
            return fail(incoming, .badParameter("cursor"))
        }
        let left = freshMilliseconds(at: incoming.client.endpoint)
        let hints = CacheHints(
            ttlMilliseconds: min(page.ttlMilliseconds, left),
            scope: page.cacheScope == .public ? .public : .private)
        let result = GatewayResults.list(
            incoming.method, items: page.items, nextCursor: page.nextCursor, to: incoming.client.era, hints,
            serverInfo: gateway.serverInfo)
        answer(incoming, result)
    }

    /// For how long yet the lists at an address are what their servers said: the time that they have been
    /// kept here counts.
    private func freshMilliseconds(at endpoint: Endpoint) -> Int {
        let now = self.now
        let up = view.hubs(at: endpoint).filter { $0.state == .up }
        return up.map { $0.lists.freshMilliseconds(now) }.min() ?? .max
    }

    /// Waits until servers that are starting have answered and stale lists are fresh, each within its time.
    /// - Parameter completion: called on this loop; at once if there is nothing to wait for.
    func refresh(
        _ hubs: [ServerHub], milliseconds: Int = listMilliseconds,
        _ completion: @escaping @Sendable () -> Void
    ) {
        guard !hubs.isEmpty else { return completion() }
        let wait = RefreshWait(missing: hubs.count, completion: completion)
        for hub in hubs {
            let isUp = hub.state == .up
            let limit = isUp ? min(milliseconds, Self.staleMilliseconds) : milliseconds
            let once = wait.ticket()
            once.timer = loop.schedule(after: .milliseconds(limit)) { once.take() }
            if isUp {
                hub.home.run { hub.lists.refresh { self.run { once.take() } } }
            } else {
                hub.settle(from: self) { _ in once.take() }
            }
        }
    }

    // MARK: Greetings

    /// Answers a legacy client's `initialize`.
    /// - Parameter completion: called on this loop with the whole answer, and whether it is an error.
    func introduce(
        to session: LegacySession, id: [UInt8], endpoint: Endpoint, callID: CallID,
        _ completion: @escaping @Sendable (_ answer: [UInt8], _ isError: Bool) -> Void
    ) {
        guard let hub = endpoint.hub else {
            let starting = view.hubs(at: endpoint).filter { $0.state == .starting }
            return refresh(starting, milliseconds: Self.greetingMilliseconds) {
                let result = GatewayResults.initialize(session.version, self.offer(endpoint, session.version))
                completion(RPCResult.answer(id: id, result: result), false)
            }
        }
        open(hub, for: session, principal: session.principal, declaring: []) { result in
            switch result {
            case .success(let facts):
                let offer = GatewayResults.Offer(
                    facts, to: session.version, name: hub.plan.name, carriesSubscriptions: true)
                let result = GatewayResults.initialize(session.version, offer)
                completion(RPCResult.answer(id: id, result: result), false)
            case .failure(let failure):
                completion(self.unavailable(hub, failure, callID).rpcError.answer(id: id), true)
            }
        }
    }

    /// What the gateway offers in its own name.
    private func offer(_ endpoint: Endpoint, _ version: ProtocolVersion) -> GatewayResults.Offer {
        let facts = view.hubs(at: endpoint).compactMap(\.facts)
        return GatewayResults.Offer(
            capabilities: CapabilityUnion.capabilities(
                of: facts.map(\.offered), to: version, carriesSubscriptions: true,
                carriesLogging: true),
            serverInfo: gateway.serverInfo)
    }

    /// Answers a modern client's `server/discover`.
    func discover(_ incoming: Incoming) {
        guard let hub = incoming.client.endpoint.hub else {
            let starting = view.hubs(at: incoming.client.endpoint).filter { $0.state == .starting }
            return wait(for: starting, incoming, milliseconds: Self.greetingMilliseconds) {
                let offer = self.offer(incoming.client.endpoint, .latestModern)
                let hints = CacheHints(ttlMilliseconds: Self.discoverTTLMilliseconds, scope: .private)
                self.answer(incoming, GatewayResults.discover(offer, hints))
            }
        }
        guard park(incoming) else { return }
        open(hub, for: nil, principal: incoming.client.principal, declaring: incoming.declared) { result in
            guard self.parked.remove(incoming.callID) != nil else { return }
            switch result {
            case .success(let facts) where facts.era == .modern:
                // A modern server answers for itself.
                self.forward(incoming, Call.Target(hub: hub))
            case .success(let facts):
                let offer = GatewayResults.Offer(
                    facts, to: .latestModern, name: hub.plan.name, carriesSubscriptions: true)
                self.answer(incoming, GatewayResults.discover(offer, .none))
            case .failure(let failure):
                let failure = self.unavailable(hub, failure, incoming.callID)
                self.fail(incoming, failure.rpcError)
            }
        }
    }

    private func unavailable(_ hub: ServerHub, _ failure: LinkFailure, _ callID: CallID) -> GatewayFailure {
        let retryAfter = failure.retryAfterMilliseconds
        return GatewayFailure(
            retryAfter == nil ? .upstreamUnavailable(.notReady) : .overloaded, server: hub.plan.name,
            tool: nil, callID: callID.text, retryAfterMilliseconds: retryAfter)
    }

    /// Opens the link that serves a client at a transparent endpoint.
    private func open(
        _ hub: ServerHub, for session: LegacySession?, principal: Principal,
        declaring capabilities: ClientCapabilities,
        _ completion: @escaping @Sendable (Result<ServerFacts, LinkFailure>) -> Void
    ) {
        if let (_, facts) = hub.commonLink() { return completion(.success(facts)) }
        hub.settle(from: self) { status in
            guard status.state == .up else {
                return completion(.failure(.unreachable(status.lastError ?? "it has not started")))
            }
            if let (_, facts) = hub.commonLink() { return completion(.success(facts)) }
            let own =
                session.map { $0.link(to: hub, on: self) }
                ?? hub.link(for: principal, declaring: capabilities, on: self)
            guard let link = own else { return completion(.failure(.removed)) }
            link.open(from: self, completion)
        }
    }
}

extension ListKind {
    init?(_ method: Method) {
        switch method {
        case .toolsList: self = .tools
        case .promptsList: self = .prompts
        case .resourcesList: self = .resources
        case .resourceTemplatesList: self = .resourceTemplates
        default: return nil
        }
    }
}
