import Identifiers
import Routing
import Sessions

@testable import Forwarding

/// An MCP server of either era, over HTTP or standard streams: a second implementation of the protocol, which
/// can be slow, fall silent, die and come back.
final class ScriptedServer: @unchecked Sendable {
    // Proof of Sendable: as its world.
    enum Kind { case legacy, modern }

    /// One session's state at the server.
    final class Peer {
        var isInitialized = false
        /// The client has been told the session's id.
        var isKnown = false
        var version = ""
        /// What the client declared.
        var capabilities: JSONObject = [:]
        var level: String?
        var calls = 0
        /// Tools that only this session has.
        var tools: [String] = []
        var levels: [String] = []
        /// The resources that the client has subscribed to.
        var subscribed: Set<String> = []
        /// Sends what nobody asked for; nil while there is no way to.
        var unasked: ((JSONObject) -> Void)?
    }

    /// A call of the tool `hold`, answered when the test says so.
    struct Held {
        let id: Any
        let number: Int
        let peer: Peer
        let exchange: ScriptedExchange?
        let token: Any?
        let reply: (JSONObject) -> Void
        let notify: (JSONObject) -> Void
    }

    let name: String
    let kind: Kind
    let transport: ServerPlan.Transport
    var id = ServerID(0)
    // What the configuration says.
    var isShared = false
    var prewarm = 0
    var advice = Advice.standard
    var filter = ToolFilter.all
    // What the server is like.
    var keepsSessions = true
    var streamsAnswers = false
    var offersStream = true
    var isUp = true
    var isSilent = false
    /// No connection to it is free, nor a place to wait for one.
    var isCrowded = false
    var answersLists = true
    var answersAfterCancel = false
    var leavesStreamsOpen = false
    var offersSubscriptions = true
    var declaresChanges = true
    var growsForAll = false
    /// Whether it says that it does.
    var declaresSubscriptions = true
    /// Takes subscriptions and their ends only when the test says so.
    var isSlowToSubscribe = false
    var subscribing: [() -> Void] = []
    /// Resources that nobody may subscribe to.
    var refused: Set<String> = []
    var mostListens = 0
    var tools = ["echo", "hold", "progress", "log", "count", "crash"]
    var prompts = ["greet"]
    var resources = ["file:///a"]
    /// The input schemas of tools that have one of their own.
    var schemas: [String: JSONObject] = [:]
    /// How many streams of a call's answer a legacy server over HTTP ends ahead of the answer, and the pause
    /// that it asks for.
    var pollRounds = 0
    var pollMilliseconds = 500
    var polls: [String: ScriptedPoll] = [:]
    var offersTasks = false
    var tasks: [ScriptedTask] = []
    /// How many of the next calls are refused because of their header fields.
    var mismatches = 0
    var pageSize = 3
    var versions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
    var launchFailure: LaunchFailure?
    // What happened.
    var world: World?
    var held: [Held] = []
    var methods: [String] = []
    var messages: [JSONObject] = []
    var cancelled: [Int] = []
    /// What the client answered to what it was asked.
    var answers: [JSONObject] = []
    var strayAnswers: [JSONObject] = []
    var questions: [Question] = []
    /// What the tool `signin` waits for.
    var isSignedIn = false
    /// What clients report of themselves: progress and changes.
    var notes: [JSONObject] = []
    /// The parameters of every call of `inputs`, as they came.
    var inputCalls: [JSONObject] = []
    var launches = 0
    var processes: [ScriptedProcess] = []
    var sessions: [String: Peer] = [:]
    var deletedSessions = 0
    var exchanges: [ObjectIdentifier: ScriptedExchange] = [:]
    var pools: [ScriptedPool] = []
    /// Open GET and listen streams.
    var streams: [ObjectIdentifier: (ScriptedExchange, Any?)] = [:]
    /// Open listen requests of a modern server.
    var listens: [ScriptedListen] = []
    /// All requests share it where a legacy server keeps no sessions.
    let statelessPeer = Peer()
    var protocolErrors: [String] = []
    /// The header fields of each request over HTTP.
    var fields: [UpstreamHeaders] = []
    /// Requests over HTTP so far.
    var requests = 0
    private var nextSession = 0

    init(_ name: String, _ kind: Kind, _ transport: ServerPlan.Transport) {
        self.name = name
        self.kind = kind
        self.transport = transport
    }

    var plan: ServerPlan {
        ServerPlan(
            rules: ServerRules(id: id, name: name, filter: filter), transport: transport, isShared: isShared,
            advice: advice, prewarm: prewarm)
    }

    var liveProcesses: [ScriptedProcess] { processes.filter { !$0.isTerminated } }
    func count(_ method: String) -> Int { methods.filter { $0 == method }.count }

    func openSession() -> (String, Peer) {
        nextSession += 1
        let peer = Peer()
        let id = "\(name)-\(nextSession)"
        sessions[id] = peer
        return (id, peer)
    }

    // MARK: The protocol

    /// Takes one message. `reply` is called at most once, `notify` before it.
    func take(
        _ message: JSONObject, _ peer: Peer, _ exchange: ScriptedExchange?,
        reply: @escaping (JSONObject) -> Void, notify: @escaping (JSONObject) -> Void
    ) {
        guard let method = message.method else { return answered(message, peer) }
        messages.append(message)
        methods.append(method)
        guard let id = message["id"] else { return note(message, method, peer) }
        if isSilent { return }
        let answer: (JSONObject) -> Void = { reply(["jsonrpc": "2.0", "id": id].merging($0) { $1 }) }
        if let error = refusal(message, method, peer) { return answer(["error": error]) }
        switch method {
        case "initialize":
            let asked = message.params["protocolVersion"] as? String ?? ""
            peer.capabilities = message.params["capabilities"] as? JSONObject ?? [:]
            peer.version = versions.contains(asked) ? asked : versions[0]
            answer([
                "result": ["protocolVersion": peer.version, "capabilities": capabilities, "serverInfo": info]
            ])
        case "server/discover":
            answer([
                "result": [
                    "resultType": "complete", "supportedVersions": ["2026-07-28"],
                    "capabilities": capabilities,
                    "ttlMs": 1000, "cacheScope": "public",
                    "_meta": ["io.modelcontextprotocol/serverInfo": info],
                ]
            ])
        case "tools/call": call(message, id, peer, exchange, answer, notify)
        case "subscriptions/listen" where kind == .modern: listen(message, id, peer, exchange, notify, answer)
        case "resources/subscribe", "resources/unsubscribe":
            let work = { answer(self.subscribe(message, method, peer)) }
            if isSlowToSubscribe { subscribing.append(work) } else { work() }
        case "tasks/result" where offersTasks: awaitTask(message, answer)
        default: answer(simple(message, method, peer))
        }
    }

    private var info: JSONObject { ["name": "scripted-\(name)", "version": "1"] }

    private var capabilities: JSONObject {
        let own: JSONObject = [
            "tools": ["listChanged": declaresChanges], "prompts": ["listChanged": declaresChanges],
            "resources": [
                "listChanged": declaresChanges, "subscribe": offersSubscriptions && declaresSubscriptions,
            ],
            "logging": [:],
            "completions": [:],
        ]
        return offersTasks ? own.merging(taskCapabilities) { $1 } : own
    }

    private func note(_ message: JSONObject, _ method: String, _ peer: Peer) {
        switch method {
        case "notifications/initialized": peer.isInitialized = true
        case "notifications/cancelled":
            guard let id = message.params["requestId"] as? Int else {
                return protocolErrors.append("a cancel without an id")
            }
            cancelled.append(id)
            listens.removeAll { $0.id == id && $0.peer === peer }
            if !answersAfterCancel { held.removeAll { $0.id as? Int == id && $0.peer === peer } }
        case "notifications/progress", "notifications/roots/list_changed": notes.append(message)
        default: break
        }
    }

    /// What a strict server refuses.
    private func refusal(_ message: JSONObject, _ method: String, _ peer: Peer) -> JSONObject? {
        switch kind {
        case .legacy:
            if method == "server/discover" { return ["code": -32601, "message": "Method not found"] }
            if message.params["_meta"].map({ "\($0)".contains("io.modelcontextprotocol/protocolVersion") })
                ?? false
            {
                protocolErrors.append("modern _meta in \(method)")
            }
            guard method != "initialize", method != "ping", !peer.isInitialized else { return nil }
            protocolErrors.append("\(method) before initialized")
            return ["code": -32600, "message": "not initialized"]
        case .modern:
            guard
                message[path: "params", "_meta", "io.modelcontextprotocol/protocolVersion"] as? String
                    == "2026-07-28",
                message[path: "params", "_meta", "io.modelcontextprotocol/clientCapabilities"] is JSONObject
            else {
                if method == "initialize" {
                    return [
                        "code": -32022, "message": "modern only",
                        "data": ["supported": ["2026-07-28"], "requested": "2025-11-25"],
                    ]
                }
                protocolErrors.append("no _meta in \(method)")
                return ["code": -32602, "message": "_meta is missing"]
            }
            return nil
        }
    }

    func complete(_ result: JSONObject) -> JSONObject {
        kind == .legacy ? ["result": result] : ["result": result.merging(["resultType": "complete"]) { $1 }]
    }

    private func simple(_ message: JSONObject, _ method: String, _ peer: Peer) -> JSONObject {
        switch method {
        case "ping": return complete([:])
        case "tools/list":
            return page(
                message, "tools",
                (tools + peer.tools).map { ["name": $0, "inputSchema": schemas[$0] ?? ["type": "object"]] })
        case "prompts/list": return page(message, "prompts", prompts.map { ["name": $0] })
        case "resources/list": return page(message, "resources", resources.map { ["uri": $0, "name": $0] })
        case "resources/templates/list": return page(message, "resourceTemplates", [])
        case "prompts/get":
            return complete([
                "messages": [] as [Any], "description": "prompt \(message.params["name"] ?? "")",
            ])
        case "resources/read":
            let uri = message.params["uri"] as? String ?? ""
            guard resources.contains(uri) else {
                return ["error": ["code": kind == .legacy ? -32002 : -32602, "message": "no such resource"]]
            }
            let hints: JSONObject = kind == .modern ? ["ttlMs": 0, "cacheScope": "private"] : [:]
            return complete(hints.merging(["contents": [["uri": uri, "text": "from \(name)"]]]) { $1 })
        case "completion/complete":
            return complete(["completion": ["values": ["\(message[path: "params", "ref", "name"] ?? "")"]]])
        case _ where method.hasPrefix("tasks/") && offersTasks: return taskAnswer(message, method)
        case "logging/setLevel":
            peer.level = message.params["level"] as? String
            peer.levels.append(peer.level ?? "")
            return complete([:])
        default: return ["error": ["code": -32601, "message": "Method not found: \(method)"]]
        }
    }

    private func page(_ message: JSONObject, _ key: String, _ items: [JSONObject]) -> JSONObject {
        let start = (message.params["cursor"] as? String).flatMap { Int($0.dropFirst()) } ?? 0
        let end = min(start + pageSize, items.count)
        var result: JSONObject = [key: Array(items[min(start, end)..<end])]
        if end < items.count { result["nextCursor"] = "c\(end)" }
        if kind == .modern {
            result["ttlMs"] = 60_000
            result["cacheScope"] = "public"
        }
        return complete(result)
    }

    // MARK: Tools

    private func call(
        _ message: JSONObject, _ id: Any, _ peer: Peer, _ exchange: ScriptedExchange?,
        _ answer: @escaping (JSONObject) -> Void, _ notify: @escaping (JSONObject) -> Void
    ) {
        let arguments = message.params["arguments"] as? JSONObject ?? [:]
        let token = message[path: "params", "_meta", "progressToken"]
        peer.calls += 1
        switch message.params["name"] as? String {
        case "echo": answer(text("\(name): \(arguments["text"] ?? "")"))
        case "count": answer(text("\(peer.calls)"))
        case "hold":
            held.append(
                Held(
                    id: id, number: arguments["number"] as? Int ?? 0, peer: peer, exchange: exchange,
                    token: token,
                    reply: answer, notify: notify))
        case "progress":
            if let token {
                for step in 1...3 { notify(Self.progress(token, step)) }
                notify(Self.progress("another's", 9))
            }
            answer(text("done"))
        case "log":
            let meta = "io.modelcontextprotocol/logLevel"
            let asked =
                kind == .legacy ? peer.level ?? "error" : message[path: "params", "_meta", meta] as? String
            for level in ["debug", "error"] where asked == "debug" || asked != nil && level == "error" {
                notify(Self.notification("notifications/message", ["level": level, "data": level]))
            }
            answer(text("logged"))
        case "inputs": inputs(message, answer)
        case "signin": answer(isSignedIn ? text("welcome") : Self.pageWanted)
        case "ask": ask(arguments, peer, answer, notify)
        case "grow": grow(peer, answer)
        case "task": createTask(message, answer)
        case "crash": die()
        case let other? where peer.tools.contains(other): answer(text("grown"))
        case let other?:
            answer(["error": ["code": -32602, "message": "Unknown tool: \(other)"]])
        case nil: answer(["error": ["code": -32602, "message": "no name"]])
        }
    }

    func text(_ text: String) -> JSONObject { complete(["content": [["type": "text", "text": text]]]) }

    static func progress(_ token: Any, _ step: Int) -> JSONObject {
        notification("notifications/progress", ["progressToken": token, "progress": step])
    }

    static func notification(_ method: String, _ params: JSONObject = [:]) -> JSONObject {
        ["jsonrpc": "2.0", "method": method, "params": params]
    }

    // MARK: What tests do to it

    /// Answers held calls, the first first.
    func release(_ number: Int? = nil) {
        let chosen = held.filter { number == nil || $0.number == number }
        held.removeAll { call in number == nil || call.number == number }
        for call in chosen { call.reply(text("held \(call.number)")) }
    }

    func releaseOne(at index: Int) {
        guard held.indices.contains(index) else { return }
        let call = held.remove(at: index)
        call.reply(text("held \(call.number)"))
    }

    /// Says that its tools have changed, to everyone it can.
    func announce(_ method: String = "notifications/tools/list_changed") {
        for process in liveProcesses { process.peer.unasked?(Self.notification(method)) }
        for (exchange, id) in streams.values {
            var params: JSONObject = [:]
            if let id { params["_meta"] = ["io.modelcontextprotocol/subscriptionId": id] }
            exchange.event(Self.notification(method, params))
        }
    }

    /// Dies, with all its sessions; a process may be started again, an HTTP server must be brought up.
    func die() {
        held = []
        questions = []
        for process in liveProcesses { process.exit() }
        for exchange in Array(exchanges.values) { exchange.fail(.broken("reset")) }
        sessions = [:]
        streams = [:]
        listens = []
        statelessPeer.subscribed = []
        if transport == .http { isUp = false }
    }
}
