import Identifiers
import Sessions
import Wire

// What modern clients subscribe to.
extension LoopGateway {
    /// How long an acknowledgement waits for servers; what they have not agreed to by then is kept asked for.
    private static let acknowledgementMilliseconds = 5_000

    /// A modern client's `subscriptions/listen` over HTTP.
    func listen(_ incoming: Incoming, _ exchange: any HTTPExchange, over reply: HTTPReply) {
        guard var asked = askedFilter(incoming), let tasks = agreeOnTasks(&asked, incoming) else { return }
        let stream = ClientStream(exchange, eventName: nil)
        let listener = Listener(id: incoming.id, of: incoming.client.principal, on: stream)
        let entry = StreamTable.Entry(
            stream: stream, endpoint: incoming.client.endpoint, audience: .listener(listener),
            ownsStream: true)
        guard streams.add(entry) else { return overloaded(incoming) }
        exchange.attachment = StreamHold(stream: stream, session: nil, endsSession: false)
        reply.beginStream()
        agree(asked, listener, incoming)
        follow(tasks, listener)
    }

    /// The same on a line connection.
    func listen(_ incoming: Incoming, on stream: ClientStream) {
        guard var asked = askedFilter(incoming), let tasks = agreeOnTasks(&asked, incoming) else { return }
        let listener = Listener(id: incoming.id, of: incoming.client.principal, on: stream)
        let entry = StreamTable.Entry(
            stream: stream, endpoint: incoming.client.endpoint, audience: .listener(listener),
            ownsStream: false)
        guard streams.add(entry) else { return overloaded(incoming) }
        agree(asked, listener, incoming)
        follow(tasks, listener)
    }

    private func askedFilter(_ incoming: Incoming) -> SubscriptionFilter? {
        guard phase != .draining else {
            refuseDraining(incoming)
            return nil
        }
        guard let params = incoming.params else {
            fail(incoming, .badParameter("notifications"))
            return nil
        }
        do throws(Refusal) {
            return try SubscriptionFilter(params: params)
        } catch {
            fail(incoming, error)
            return nil
        }
    }

    // MARK: What is agreed to

    private func agree(_ asked: SubscriptionFilter, _ listener: Listener, _ incoming: Incoming) {
        let endpoint = incoming.client.endpoint
        if asked.wantsLists { gateway.hearLists(for: listener) }
        let unsettled = view.hubs(at: endpoint).filter { hub in
            switch hub.state {
            case .starting: endpoint.hub != nil || !asked.resources.isEmpty
            case .up: isUnknown(asked.resources, incoming.client) && !hub.lists.isFresh(now)
            case .down, .removed: false
            }
        }
        refresh(unsettled, milliseconds: Self.acknowledgementMilliseconds) {
            let filter = self.offered(asked, at: endpoint)
            if filter.wantsLists { self.openOwnLink(incoming) }
            guard !asked.resources.isEmpty else { return listener.acknowledge(filter) }
            self.follow(asked.resources, filter, listener, incoming)
        }
    }

    private func isUnknown(_ uris: [String], _ client: Incoming.Client) -> Bool {
        uris.contains { view.resource($0, raw: [], at: client.endpoint, for: client.principal) == nil }
    }

    /// The lists that the gateway announces for all servers, or that one server announces for itself.
    private func offered(_ asked: SubscriptionFilter, at endpoint: Endpoint) -> SubscriptionFilter {
        var filter = asked
        filter.resources = []
        guard let facts = endpoint.hub?.facts else { return filter }
        // Legacy servers announce changes in a session that they did not declare.
        let isLegacy = facts.era == .legacy
        filter.toolsListChanged =
            asked.toolsListChanged && facts.offers(isLegacy ? .tools : .toolsListChanged)
        filter.promptsListChanged =
            asked.promptsListChanged && facts.offers(isLegacy ? .prompts : .promptsListChanged)
        filter.resourcesListChanged =
            asked.resourcesListChanged && facts.offers(isLegacy ? .resources : .resourcesListChanged)
        return filter
    }

    /// Has the server's stream open before the client's first call, which may change a list.
    private func openOwnLink(_ incoming: Incoming) {
        guard let hub = incoming.client.endpoint.hub, hub.plan.transport == .http, let facts = hub.facts,
            hub.state == .up, !hub.servesAll(facts)
        else { return }
        hub.link(for: incoming.client.principal, declaring: incoming.declared, on: self)?
            .open(from: self) { _ in }
    }

    private func follow(
        _ uris: [String], _ filter: SubscriptionFilter, _ listener: Listener, _ incoming: Incoming
    ) {
        let endpoint = incoming.client.endpoint
        let principal = incoming.client.principal
        let follower = ResourceFollower(
            .principal(principal, incoming.declared), at: endpoint,
            subscriptionID: incoming.id,
            gateway: gateway
        ) { listener.offer($0) }
        guard listener.follow(with: follower) else { return }
        var routes: [(uri: String, raw: [UInt8], route: ResourceRoute)] = []
        for uri in uris where uri.utf8.count <= ResourceFollower.maxURIBytes {
            let raw = JSONWriter.quoted(uri)
            guard let route = view.resource(uri, raw: raw, at: endpoint, for: principal) else { continue }
            routes.append((uri, raw, route))
        }
        let agreement = ListenAgreement(routes.map(\.uri)) { agreed in
            var filter = filter
            filter.resources = agreed
            listener.acknowledge(filter)
        }
        guard !routes.isEmpty else { return agreement.close() }
        agreement.timer = loop.schedule(after: .milliseconds(Self.acknowledgementMilliseconds)) {
            agreement.close()
        }
        for (uri, raw, route) in routes {
            follower.follow(uri, raw: raw, route, for: nil, from: self) {
                agreement.settled(uri, $0)
            }
        }
    }
}
