import Identifiers
import Sessions
import Wire

// Legacy clients that follow resources.
extension LoopGateway {
    /// How long a server may take to agree that a resource is followed.
    static let followMilliseconds = 8_000

    /// Answers `resources/subscribe`.
    func subscribe(_ incoming: Incoming) {
        let uri = MessageText.uri(incoming.message, incoming.frame)
        guard let uri, uri.utf8.count <= ResourceFollower.maxURIBytes else {
            return fail(incoming, .badParameter("uri"))
        }
        let endpoint = incoming.client.endpoint
        let principal = incoming.client.principal
        let raw = Array(incoming.message[incoming.frame.paramsURI.range])
        guard let follower = incoming.client.session?.follower(at: endpoint) else {
            return fail(incoming, .methodNotFound(incoming.method.text, incoming.client.era))
        }
        if let route = view.resource(uri, raw: raw, at: endpoint, for: principal) {
            return follow(uri, raw, route, follower, incoming)
        }
        let unsettled = serversToAsk(incoming)
        guard !unsettled.isEmpty else { return unknownName(incoming) }
        wait(for: unsettled, incoming) {
            guard let route = self.view.resource(uri, raw: raw, at: endpoint, for: principal) else {
                return self.unknownName(incoming, of: unsettled)
            }
            self.follow(uri, raw, route, follower, incoming)
        }
    }

    private func follow(
        _ uri: String, _ raw: [UInt8], _ route: ResourceRoute, _ follower: ResourceFollower,
        _ incoming: Incoming
    ) {
        guard park(incoming) else { return }
        let callID = incoming.callID
        let limit = Self.followMilliseconds
        let timer = loop.schedule(after: .milliseconds(limit)) {
            guard self.parked.remove(callID) != nil else { return }
            follower.giveUp(uri, for: callID)
            self.refuse(incoming, route.hub, .failed(.timedOut(milliseconds: limit)))
        }
        follower.follow(uri, raw: raw, route, for: callID, from: self) { outcome in
            timer.cancel()
            // Who gave the request up does not know that anything is followed.
            guard self.parked.remove(callID) != nil else { return follower.giveUp(uri, for: callID) }
            guard case .following = outcome else {
                follower.giveUp(uri, for: callID)
                return self.refuse(incoming, route.hub, outcome)
            }
            follower.agreed(uri, for: callID)
            self.answer(incoming, GatewayResults.empty(to: incoming.client.era))
        }
    }

    private func refuse(_ incoming: Incoming, _ hub: ServerHub, _ outcome: FollowOutcome) {
        switch outcome {
        case .following: break
        case .refused(let raw):
            fail(
                incoming,
                raw.flatMap { RPCError(raw: $0) }
                    ?? RPCError(
                        code: ErrorCode.invalidParams,
                        message: "The server lets nobody subscribe to this resource"))
        case .notOffered: fail(incoming, .methodNotFound(incoming.method.text, incoming.client.era))
        case .full(let limit):
            fail(
                incoming,
                RPCError(
                    code: ErrorCode.overloaded,
                    message: "No more resources can be subscribed to: the limit is \(limit)"))
        case .failed(let failure):
            let kind: GatewayFailure.Kind =
                switch failure {
                case .timedOut(let milliseconds): .upstreamTimeout(afterMilliseconds: milliseconds)
                case .unreachable: .upstreamUnavailable(.notReached)
                case .noConnectionFree, .overloaded: .overloaded
                default: .upstreamUnavailable(.notReady)
                }
            fail(
                incoming,
                GatewayFailure(
                    kind, server: hub.plan.name, tool: nil, callID: incoming.callID.text,
                    retryAfterMilliseconds: failure.retryAfterMilliseconds
                ).rpcError)
        }
    }

    /// Answers `resources/unsubscribe`; what is not followed can be given up too.
    func unsubscribe(_ incoming: Incoming) {
        guard let uri = MessageText.uri(incoming.message, incoming.frame) else {
            return fail(incoming, .badParameter("uri"))
        }
        incoming.client.session?.unfollow(uri)
        answer(incoming, GatewayResults.empty(to: incoming.client.era))
    }
}
