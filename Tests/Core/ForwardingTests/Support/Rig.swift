import Identifiers
import Routing
import Sessions
import Synchronization
import Telemetry

@testable import Forwarding

/// A gateway in a world of its own, with scripted servers and clients.
final class Rig: Connector, @unchecked Sendable {
    // Proof of Sendable: as its world.
    let world: World
    private(set) var servers: [ServerID: ScriptedServer] = [:]
    private var gatewayStore: Gateway?
    private var nextID: UInt16 = 0
    private(set) var exchanges: [ClientExchange] = []
    private var nextRequest = 0
    var profiles: [Profile] = []
    var maxMessageBytes = 4 << 20
    var access = AccessPlan()
    /// What principals use instead of a server.
    var variants: [(server: ScriptedServer, principal: String, own: ScriptedServer)] = []

    init(
        _ servers: [ScriptedServer], loops: Int = 2, seed: UInt64 = 1, profiles: [Profile] = [],
        maxMessageBytes: Int = 4 << 20, sealer: any TokenSealer = TagSealer(key: 7),
        access: AccessPlan = AccessPlan(), log: Log = Log(sink: .discarding, component: "test"),
        region: ObservedRegion? = nil, memory: GatewayMemory = GatewayMemory(),
        audit: (any CallAudit)? = nil
    ) {
        self.access = access
        world = World(loops: loops, seed: seed)
        self.profiles = profiles
        self.maxMessageBytes = maxMessageBytes
        let recorder = Recorder(loops: loops, version: "1", log: log)
        gatewayStore = Gateway(
            plan: plan(servers), loops: world.loops, connector: self, sealer: sealer, recorder: recorder,
            observation: region?.observation(of: world.loops), audit: audit, memory: memory,
            clock: { [world] in world.now })
        gateway.enter(.running)
    }

    /// Runs until every server has been tried.
    @discardableResult
    func started() -> Rig {
        world.run(milliseconds: 1_000)
        return self
    }

    var gateway: Gateway {
        guard let gatewayStore else { preconditionFailure("the gateway is made in the initializer") }
        return gatewayStore
    }

    func plan(_ servers: [ScriptedServer]) -> GatewayPlan {
        for server in servers + variants.map(\.own) {
            server.world = world
            if server.id == ServerID(0) {
                nextID += 1
                server.id = ServerID(nextID)
            }
            self.servers[server.id] = server
        }
        var plan = GatewayPlan(
            servers: servers.map(\.plan), profiles: profiles, failuresAreErrors: false,
            maxMessageBytes: maxMessageBytes, version: "1")
        plan.access = access
        plan.variants = variants.map {
            ServerVariant(of: $0.server.id, for: Principal($0.principal), plan: $0.own.plan)
        }
        return plan
    }

    func apply(_ servers: [ScriptedServer]) { gateway.apply(plan(servers)) }

    // MARK: Connector

    func httpUpstream(to server: ServerID, on loop: any Loop) -> any HTTPUpstream {
        ScriptedPool(servers[server] ?? ScriptedServer("none", .legacy, .http), loop)
    }

    func launcher(of server: ServerID) -> any ProcessLauncher {
        ScriptedLauncher(servers[server] ?? ScriptedServer("none", .legacy, .process))
    }

    // MARK: Clients

    /// Sends a request and returns its exchange; nothing runs yet.
    func send(
        _ verb: HTTPRequest.Verb, _ path: String, _ body: [UInt8] = [], query: String = "", loop: Int = 0,
        headers: HTTPRequest.Headers = HTTPRequest.Headers()
    ) -> ClientExchange {
        let exchange = ClientExchange(loop: world.loops[loop])
        exchange.isShared = verb == .get
        exchanges.append(exchange)
        let request = Carried(HTTPRequest(verb: verb, path: path, query: query, headers: headers, body: body))
        world.loops[loop].execute { self.gateway.loops[loop].received(request.request, exchange) }
        return exchange
    }

    private struct Carried: @unchecked Sendable {
        // Proof of Sendable: as its world.
        let request: HTTPRequest

        init(_ request: HTTPRequest) { self.request = request }
    }

    func leave(_ exchange: ClientExchange) {
        let loop = exchange.loop.index
        world.loops[loop].execute {
            guard !exchange.isOver else { return }
            exchange.leave()
            self.gateway.loops[loop].abandoned(exchange)
        }
    }

    func takeID() -> Int {
        nextRequest += 1
        return nextRequest
    }

    // MARK: Modern clients

    /// Sends a modern request.
    func modern(
        _ method: String, _ params: JSONObject = [:], at path: String = "/mcp", id: Any? = nil, loop: Int = 0,
        meta: JSONObject = [:], fields: [(name: String, value: String)] = [], key: String? = nil
    ) -> ClientExchange {
        var headers = HTTPRequest.Headers()
        headers.authorization = key.map { "Bearer \($0)" }
        headers.protocolVersion = "2026-07-28"
        headers.mcpMethod = method
        headers.mcpName = (params["name"] ?? params["uri"] ?? params["taskId"]).map { "\($0)" }
        headers.mcpParameters = fields
        headers.accept = "application/json, text/event-stream"
        headers.contentType = "application/json"
        let message = Self.modernMessage(method, params, id: id ?? takeID(), meta: meta)
        return send(.post, path, JSON.bytes(message), loop: loop, headers: headers)
    }

    static func modernMessage(
        _ method: String, _ params: JSONObject, id: Any, meta: JSONObject = [:]
    ) -> JSONObject {
        var params = params
        let required: JSONObject = [
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": [:] as JSONObject,
        ]
        params["_meta"] = required.merging(meta) { $1 }
        return ["jsonrpc": "2.0", "id": id, "method": method, "params": params]
    }

    func modernCall(
        _ tool: String, _ arguments: JSONObject = [:], at path: String = "/mcp", loop: Int = 0,
        meta: JSONObject = [:]
    ) -> ClientExchange {
        modern("tools/call", ["name": tool, "arguments": arguments], at: path, loop: loop, meta: meta)
    }

    // MARK: Legacy clients

    /// Opens a legacy session.
    func session(
        at path: String = "/mcp", version: String = "2025-11-25", loop: Int = 0, initialized: Bool = true,
        key: String? = nil, capabilities: JSONObject = [:]
    ) -> LegacyClient {
        let client = LegacyClient(rig: self, path: path, version: version)
        client.key = key
        let exchange = client.post(
            "initialize",
            [
                "protocolVersion": version, "capabilities": capabilities,
                "clientInfo": ["name": "test", "version": "1"],
            ], loop: loop)
        world.run { exchange.isOver }
        client.id = exchange.sessionID
        client.greeting = exchange.response
        if initialized, client.id != nil {
            let note = client.notify("notifications/initialized", loop: loop)
            world.run { note.isOver }
        }
        return client
    }

    // MARK: Line clients

    func lines(at path: String = "/mcp", loop: Int = 0) -> ClientLines {
        let channel = ClientLines(loop: world.loops[loop])
        world.loops[loop].execute {
            channel.receiver = self.gateway.loops[loop].connected(channel, path: path)
        }
        world.settle()
        return channel
    }

    func write(_ message: JSONObject, to channel: ClientLines) {
        let bytes = JSON.bytes(message)
        channel.loop.execute { channel.receiver?.received(bytes) }
    }

    // MARK: Afterwards

    /// What is wrong when nothing should be under way.
    func leftovers() -> [String] {
        var problems: [String] = []
        for loop in gateway.loops {
            if loop.calls.count > 0 {
                problems.append("\(loop.calls.count) calls in the table of loop \(loop.index)")
            }
            for call in loop.calls.all where call.isAsking {
                problems.append("a call that waits for a client")
            }
            if loop.parked.count > 0 { problems.append("\(loop.parked.count) requests parked") }
        }
        for hub in gateway.view.hubs {
            let (running, waiting) = hub.admission.withLock { ($0.running, $0.waiting) }
            if running + waiting > 0 {
                problems.append("\(hub.plan.name): \(running) running, \(waiting) waiting")
            }
        }
        if gateway.parkedCalls.count > 0 { problems.append("\(gateway.parkedCalls.count) calls parked") }
        for session in gateway.sessions.all {
            if session.openRequestCount > 0 {
                problems.append("\(session.openRequestCount) questions to a client")
            }
            for link in session.links where link.openRequestCount > 0 {
                problems.append("\(link.openRequestCount) questions of \(link.hub.plan.name)")
            }
        }
        for exchange in exchanges {
            problems += exchange.violations
            if exchange.responseCount > 1, !exchange.isShared {
                problems.append("\(exchange.responseCount) answers to one request")
            }
        }
        for server in servers.values { problems += server.protocolErrors.map { "\(server.name): \($0)" } }
        return problems
    }

    /// Ends the gateway and says what it left open.
    func shutDown() -> [String] {
        gateway.shutDown()
        world.run(milliseconds: 10_000)
        var problems = leftovers()
        for server in servers.values {
            if !server.liveProcesses.isEmpty {
                problems.append("\(server.name): \(server.liveProcesses.count) processes left")
            }
            if !server.exchanges.isEmpty {
                problems.append("\(server.name): \(server.exchanges.count) requests left")
            }
            let sessions = server.sessions.values.filter(\.isKnown)
            if !sessions.isEmpty, server.isUp {
                problems.append("\(server.name): \(sessions.count) sessions left")
            }
            if server.pools.contains(where: { !$0.isRetired }) {
                problems.append("\(server.name): a pool left")
            }
        }
        for loop in gateway.loops where loop.streams.count > 0 { problems.append("streams left") }
        if !gateway.sessions.all.isEmpty { problems.append("client sessions left") }
        return problems
    }
}

/// A client of a legacy session over HTTP.
final class LegacyClient {
    private let rig: Rig
    let path: String
    let version: String
    var id: String?
    var key: String?
    var greeting: JSONObject?

    init(rig: Rig, path: String, version: String) {
        self.rig = rig
        self.path = path
        self.version = version
    }

    var headers: HTTPRequest.Headers {
        var headers = HTTPRequest.Headers()
        headers.sessionID = id
        headers.authorization = key.map { "Bearer \($0)" }
        headers.accept = "application/json, text/event-stream"
        headers.contentType = "application/json"
        if id != nil, version >= "2025-06-18" { headers.protocolVersion = version }
        return headers
    }

    func post(_ method: String, _ params: JSONObject = [:], id: Any? = nil, loop: Int = 0) -> ClientExchange {
        let message: JSONObject = [
            "jsonrpc": "2.0", "id": id ?? rig.takeID(), "method": method, "params": params,
        ]
        return rig.send(.post, path, JSON.bytes(message), loop: loop, headers: headers)
    }

    func notify(_ method: String, _ params: JSONObject = [:], loop: Int = 0) -> ClientExchange {
        let message: JSONObject = ["jsonrpc": "2.0", "method": method, "params": params]
        return rig.send(.post, path, JSON.bytes(message), loop: loop, headers: headers)
    }

    /// Answers what the client was asked.
    func answer(_ id: Any?, _ result: JSONObject, loop: Int = 0) -> ClientExchange {
        post(["jsonrpc": "2.0", "id": id ?? "", "result": result], loop: loop)
    }

    func refuse(_ id: Any?, code: Int, loop: Int = 0) -> ClientExchange {
        post(["jsonrpc": "2.0", "id": id ?? "", "error": ["code": code, "message": "no"]], loop: loop)
    }

    func post(_ message: JSONObject, loop: Int = 0) -> ClientExchange {
        rig.send(.post, path, JSON.bytes(message), loop: loop, headers: headers)
    }

    func call(_ tool: String, _ arguments: JSONObject = [:], id: Any? = nil, loop: Int = 0, token: Any? = nil)
        -> ClientExchange
    {
        var params: JSONObject = ["name": tool, "arguments": arguments]
        if let token { params["_meta"] = ["progressToken": token] }
        return post("tools/call", params, id: id, loop: loop)
    }

    func batch(_ messages: [JSONObject], loop: Int = 0) -> ClientExchange {
        rig.send(.post, path, JSON.bytes(messages), loop: loop, headers: headers)
    }

    func stream(loop: Int = 0, after lastEventID: String? = nil) -> ClientExchange {
        var headers = self.headers
        headers.lastEventID = lastEventID
        headers.accept = "text/event-stream"
        return rig.send(.get, path, loop: loop, headers: headers)
    }

    func end(loop: Int = 0) -> ClientExchange { rig.send(.delete, path, loop: loop, headers: headers) }
}
