import Identifiers
import Routing
import Sessions
import Wire

// Which server a request goes to.
extension LoopGateway {
    func forward(_ incoming: Incoming, _ target: Call.Target) {
        if let parameters = target.parameters, let refusal = incoming.refusal(parameters) {
            return fail(incoming, refusal)
        }
        var target = target
        if !view.isSameForAll {
            target.hub = view.variant(of: target.hub, for: incoming.client.principal)
        }
        let call = Call(incoming, target, on: self)
        if !view.isSameForAll, let milliseconds = limit(call) {
            return call.refuseOverLimit(retryAfterMilliseconds: milliseconds)
        }
        if incoming.reply.isDeserted {
            // The client left while its request waited for lists.
            call.abandon()
        } else {
            incoming.exchange?.attachment = call
        }
        call.start()
    }

    /// Finds the server of a name or URI.
    func route(_ incoming: Incoming) {
        if let hub = incoming.client.endpoint.hub {
            var target = Call.Target(hub: hub)
            target.label = label(incoming)
            if incoming.method == .toolsCall {
                guard hub.plan.rules.filter.admits(target.label),
                    view.tools(of: hub, for: incoming.client.principal)?(target.label) ?? true
                else { return unknownName(incoming) }
                target.parameters = parameters(of: target.label, at: hub)
                target.observedID = observedID(.tools, target.label, at: hub)
            } else if incoming.method == .promptsGet {
                target.observedID = observedID(.prompts, target.label, at: hub)
            }
            return forward(incoming, target)
        }
        if let target = target(incoming) { return forward(incoming, target) }
        // The name may be of a server that has not listed yet, or may be new.
        let unsettled = serversToAsk(incoming)
        guard !unsettled.isEmpty else { return unknownName(incoming) }
        wait(for: unsettled, incoming) {
            guard let target = self.target(incoming) else {
                return self.unknownName(incoming, of: unsettled)
            }
            self.forward(incoming, target)
        }
    }

    private func label(_ incoming: Incoming) -> String {
        MessageText.name(incoming.message, incoming.frame) ?? MessageText.uri(
            incoming.message, incoming.frame)
            ?? ""
    }

    private func target(_ incoming: Incoming) -> Call.Target? {
        guard let lists = view.lists(at: incoming.client.endpoint) else { return nil }
        let message = incoming.message
        let frame = incoming.frame
        switch incoming.method {
        case .toolsCall:
            guard let route = lists.route(.tools, in: message, frame.paramsName) else { return nil }
            return named(route, .tools, label(incoming))
        case .promptsGet:
            guard let route = lists.route(.prompts, in: message, frame.paramsName) else { return nil }
            return named(route, .prompts, label(incoming))
        case .resourcesRead:
            guard let route = lists.resource(in: message, frame.paramsURI) else { return nil }
            return located(route, frame.paramsURI, message)
        case .completionComplete:
            switch CompletionReference(message, frame) {
            case .prompt(let name, _)?:
                return lists.route(.prompts, name).flatMap { named($0, .prompts, name) }
            case .resource(let uri, let range)?:
                let route = lists.route(.resourceTemplates, uri) ?? lists.resource(uri)
                return route.flatMap { located($0, range, message) }
            case nil: return nil
            }
        default: return nil
        }
    }

    private func named(_ route: Route, _ kind: ListKind, _ label: String) -> Call.Target? {
        guard let hub = view.hub(route.server) else { return nil }
        var target = Call.Target(hub: hub)
        target.label = label
        target.name = route.upstreamNameJSON
        target.observedID = route.observedID
        if kind == .tools { target.parameters = parameters(of: route.upstreamName, at: hub) }
        return target
    }

    /// What the shared region calls a tool or prompt by the server's own name.
    private func observedID(_ kind: ListKind, _ name: String, at hub: ServerHub) -> UInt32 {
        guard observer != nil else { return 0 }
        return view.catalog.observedID(
            kind, view.hub(named: hub.plan.name)?.plan.id ?? hub.plan.id, named: name)
    }

    /// - Parameter tool: the server's own name.
    func parameters(of tool: String, at hub: ServerHub) -> ParameterHeaders? {
        guard
            let headers = view.catalog.parameterHeaders(
                view.hub(named: hub.plan.name)?.plan.id ?? hub.plan.id, tool: tool)
        else { return nil }
        return ParameterHeaders(
            headers.map {
                ParameterHeaders.Field(name: $0.name, path: $0.path, isInteger: $0.kind == .integer)
            })
    }

    private func located(_ route: Route, _ range: ByteRange, _ message: [UInt8]) -> Call.Target? {
        guard let hub = view.hub(route.server) else { return nil }
        let asked = Array(message[range.range])
        var target = Call.Target(hub: hub)
        target.label = JSONView(message, range).string ?? ""
        if target.label != route.upstreamName {
            target.uri = route.upstreamNameJSON
            target.exposedURI = asked
        }
        return target
    }

    /// The servers whose lists might know the name, if they were asked (again).
    func serversToAsk(_ incoming: Incoming) -> [ServerHub] {
        let hubs = view.hubs(at: incoming.client.endpoint)
        let now = self.now
        let isNamed = incoming.method == .toolsCall || incoming.method == .promptsGet
        let candidates: [ServerHub]
        if isNamed, let name = MessageText.name(incoming.message, incoming.frame),
            let server = name.split(separator: "_", maxSplits: 1).first
        {
            candidates = hubs.filter { $0.plan.name == server }
        } else {
            candidates = hubs
        }
        return candidates.filter { hub in
            switch hub.state {
            case .starting: true
            case .up: !hub.lists.isFresh(now)
            case .down: isNamed
            case .removed: false
            }
        }
    }

    func unknownName(_ incoming: Incoming, of asked: [ServerHub] = []) {
        let era = incoming.client.era
        if let down = asked.first(where: { $0.state != .up }) {
            // Whether the name exists can't be known while its server is away.
            var target = Call.Target(hub: down)
            target.label = label(incoming)
            return Call(incoming, target, on: self).refuseUnready()
        }
        switch incoming.method {
        case .resourcesRead, .resourcesSubscribe:
            let uri = MessageText.uri(incoming.message, incoming.frame) ?? ""
            let code = era == .modern ? ErrorCode.invalidParams : ErrorCode.resourceNotFound
            var data = JSONWriter()
            data.beginObject()
            data.field("uri", uri)
            data.endObject()
            fail(incoming, RPCError(code: code, message: "Resource not found: \(uri)", data: data.bytes))
        case .toolsCall:
            fail(
                incoming, RPCError(code: ErrorCode.invalidParams, message: "Unknown tool: \(label(incoming))")
            )
        case .promptsGet:
            fail(
                incoming,
                RPCError(code: ErrorCode.invalidParams, message: "Unknown prompt: \(label(incoming))"))
        default: fail(incoming, .badParameter("ref"))
        }
    }

    // MARK: Logging

    func setLevel(_ incoming: Incoming) {
        guard let session = incoming.client.session else {
            return fail(incoming, .methodNotFound(incoming.method.text, incoming.client.era))
        }
        // The session has kept the level; the servers it talks to hear of it, later ones when they are
        // opened.
        if let level = session.logLevel { for link in session.links { link.setLevel(level, from: self) } }
        answer(incoming, GatewayResults.empty(to: incoming.client.era))
    }
}
