import Foundation
import Routing
import Sessions
import TestSupport

@testable import Forwarding

/// Random clients, servers and accidents; afterwards everything must add up.
final class Chaos {
    struct Sent {
        let exchange: ClientExchange
        let what: String
        /// The client gave up, or its session ended: no answer is owed.
        var isWaived = false
        let client: LegacyClient?
        var path = "/mcp"
        /// Of a modern call, which may ask for input.
        var params: JSONObject = [:]
    }

    private struct SentLine {
        let channel: ClientLines
        let id: Int
        let what: String
        var isWaived = false
    }

    let rig: Rig
    private(set) var all: [ScriptedServer]
    private var configured: [ScriptedServer]
    var random: SeededGenerator
    var sent: [Sent] = []
    private var sentLines: [SentLine] = []
    private(set) var clients: [LegacyClient] = []
    private var channels: [ClientLines] = []
    private(set) var streams: [ClientExchange] = []

    init(seed: UInt64, loops: Int = 3) {
        let own = ScriptedServer("own", .legacy, .process)
        own.prewarm = 1
        let shared = ScriptedServer("shared", .legacy, .process)
        shared.isShared = true
        let modern = ScriptedServer("modern", .modern, .process)
        modern.advice = Advice(
            deadlineMilliseconds: 5_000, concurrencyLimit: 2, queueBound: 3, maxAttempts: 2)
        let session = ScriptedServer("session", .legacy, .http)
        let stateless = ScriptedServer("stateless", .legacy, .http)
        stateless.keepsSessions = false
        stateless.offersStream = false
        stateless.streamsAnswers = true
        let web = ScriptedServer("web", .modern, .http)
        web.advice = Advice(deadlineMilliseconds: 8_000, concurrencyLimit: 4, queueBound: 8, maxAttempts: 2)
        web.leavesStreamsOpen = true
        own.answersAfterCancel = true
        session.answersAfterCancel = true
        all = [own, shared, modern, session, stateless, web]
        for server in all { server.tools.append(server.kind == .legacy ? "ask" : "inputs") }
        configured = all
        random = SeededGenerator(seed: seed)
        rig = Rig(all, loops: loops, seed: seed &+ 1)
    }

    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    var someLoop: Int { Int.random(in: 0..<rig.world.loops.count, using: &random) }
    func pick<Element>(_ items: some Collection<Element>) -> Element? { items.randomElement(using: &random) }

    func run(steps: Int) {
        for _ in 0..<steps {
            step()
            for _ in 0..<Int.random(in: 0..<12, using: &random) { _ = rig.world.step() }
        }
    }

    private func step() {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<38: request()
        case 38..<52: release()
        case 52..<60: giveUp()
        case 60..<66: openSession()
        case 66..<68: endSession()
        case 68..<71: openLines()
        case 71..<72: if let channel = pick(channels) { close(channel) }
        case 72..<74: openStream()
        case 74..<76: if let stream = pick(streams) { rig.leave(stream) }
        case 76..<79: accident()
        case 79..<82: for server in all where !server.isUp && chance(50) { server.isUp = true }
        case 82..<83: reload()
        case 83..<85: pick(all)?.announce()
        case 85..<87: changeTools()
        case 87..<90: ask()
        case 90..<97: answer()
        default: rig.world.run(milliseconds: Int.random(in: 0..<400, using: &random))
        }
    }

    // MARK: Clients

    private func request() {
        let server = pick(all) ?? all[0]
        let isTransparent = chance(30)
        let path = isTransparent ? "/mcp/\(server.name)" : "/mcp"
        let tool =
            pick([
                "echo", "hold", "hold", "progress", "log", "count", "nonsense",
                server.kind == .legacy ? "ask" : "inputs", server.kind == .legacy ? "ask" : "inputs",
                chance(10) ? "crash" : "echo",
            ]) ?? ""
        let exposed = isTransparent ? tool : "\(server.name)__\(tool)"
        let method =
            chance(75)
            ? "tools/call" : pick(["tools/list", "prompts/list", "resources/read", "server/discover"]) ?? ""
        var params: JSONObject = [:]
        if method == "tools/call" { params = ["name": exposed, "arguments": someArguments] }
        if method == "resources/read" { params = ["uri": "file:///a"] }
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<5:
            guard let client = pick(clients), method != "server/discover" else { return }
            if method == "tools/call", client.path != "/mcp" { params["name"] = tool }
            if method == "tools/call", client.version == "2025-03-26", chance(20) {
                return batch(client, params)
            }
            sent.append(
                Sent(
                    exchange: client.post(method, params, loop: someLoop),
                    what: "legacy \(method) \(exposed)", client: client, path: client.path))
        case 5..<8:
            sent.append(
                Sent(
                    exchange: rig.modern(
                        method, params, at: path, loop: someLoop, meta: someMeta),
                    what: "modern \(method) \(exposed) at \(path)", client: nil, path: path, params: params))
        default:
            guard let channel = pick(channels) else { return }
            let id = rig.takeID()
            sentLines.append(SentLine(channel: channel, id: id, what: "line \(method) \(exposed)"))
            rig.write(Rig.modernMessage(method, params, id: id), to: channel)
        }
    }

    private func batch(_ client: LegacyClient, _ params: JSONObject) {
        let messages: [JSONObject] = (0..<3).map { _ in
            ["jsonrpc": "2.0", "id": rig.takeID(), "method": "tools/call", "params": params]
        }
        sent.append(Sent(exchange: client.batch(messages, loop: someLoop), what: "batch", client: client))
    }

    private func release() {
        guard let server = pick(all.filter { !$0.held.isEmpty }) else { return }
        server.releaseOne(at: Int.random(in: 0..<server.held.count, using: &random))
    }

    private func giveUp() {
        if chance(50), let index = sent.indices.randomElement(using: &random) {
            let request = sent[index]
            guard !request.exchange.isOver else { return }
            if let client = request.client, chance(60) {
                // Cancels whichever request has this id, or none.
                _ = client.notify("notifications/cancelled", ["requestId": index], loop: someLoop)
                for other in sent.indices where sent[other].client === client { sent[other].isWaived = true }
            } else {
                sent[index].isWaived = true
                rig.leave(request.exchange)
            }
        } else if let index = sentLines.indices.randomElement(using: &random) {
            let line = sentLines[index]
            sentLines[index].isWaived = true
            let note = ScriptedServer.notification("notifications/cancelled", ["requestId": line.id])
            rig.write(
                note.merging([
                    "params": [
                        "requestId": line.id,
                        "_meta": ["io.modelcontextprotocol/protocolVersion": "2026-07-28"],
                    ]
                ]) { $1 },
                to: line.channel)
        }
    }

    private func openSession() {
        guard clients.count < 12 else { return endSession() }
        let server = pick(all) ?? all[0]
        let path = chance(40) ? "/mcp/\(server.name)" : "/mcp"
        let client = LegacyClient(
            rig: rig, path: path, version: pick(["2025-03-26", "2025-06-18", "2025-11-25"]) ?? "")
        let exchange = client.post(
            "initialize",
            [
                "protocolVersion": client.version, "clientInfo": ["name": "c", "version": "1"],
                "capabilities": chance(80) ? AskingTests.everything : [:] as JSONObject,
            ],
            loop: someLoop)
        sent.append(Sent(exchange: exchange, what: "initialize", client: client, path: path))
        if chance(8) {
            sent[sent.count - 1].isWaived = true
            rig.leave(exchange)
            return
        }
        rig.world.run(atMost: 15_000) { exchange.isOver }
        client.id = exchange.sessionID
        guard client.id != nil else { return }
        _ = client.notify("notifications/initialized", loop: someLoop)
        clients.append(client)
    }

    private func endSession() {
        guard let index = clients.indices.randomElement(using: &random) else { return }
        let client = clients.remove(at: index)
        for other in sent.indices where sent[other].client === client { sent[other].isWaived = true }
        _ = client.end(loop: someLoop)
    }

    private func openLines() {
        guard channels.count < 6 else { return }
        channels.append(rig.lines(loop: someLoop))
    }

    private func close(_ channel: ClientLines) {
        channels.removeAll { $0 === channel }
        for index in sentLines.indices where sentLines[index].channel === channel {
            sentLines[index].isWaived = true
        }
        channel.close()
    }

    private func openStream() {
        guard let client = pick(clients) else { return }
        streams.append(client.stream(loop: someLoop))
    }

    // MARK: Accidents

    private func accident() {
        guard let server = pick(all) else { return }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: server.die()
        case 1: pick(server.liveProcesses)?.exit()
        case 2: server.sessions = [:]
        case 3: pick(Array(server.exchanges.values).sorted { $0.number < $1.number })?.fail(.broken("reset"))
        default: pick(server.liveProcesses)?.closeStreams()
        }
    }

    private func changeTools() {
        guard let server = pick(all) else { return }
        if server.tools.contains("extra") { server.tools.removeLast() } else { server.tools.append("extra") }
        server.announce()
    }

    private func reload() {
        configured = all.filter { _ in chance(70) }
        for server in all where !configured.contains(where: { $0 === server }) {
            // A server that comes back later is another to the gateway.
            server.id = .init(0)
        }
        rig.apply(configured)
    }

    // MARK: Afterwards

    func finish() -> [String] {
        for server in all { server.isUp = true }
        for _ in 0..<60 {
            for server in all { server.release() }
            rig.world.run(milliseconds: 1_000)
        }
        // Whoever was asked and said nothing has had his time.
        rig.world.run(milliseconds: 12 * 60_000)
        var problems = rig.leftovers()
        for request in sent {
            if request.exchange.isGone { continue }
            if !request.exchange.isOver { problems.append("\(request.what): no answer") }
            // The address of a server that is not configured, or of a session that ended with it.
            if request.exchange.status == 404, request.path != "/mcp" { continue }
            if !request.isWaived, request.exchange.response == nil, request.what != "batch" {
                problems.append("\(request.what): answered \(request.exchange.status ?? 0) without a message")
            }
        }
        for line in sentLines {
            let count = line.channel.responses(line.id).count
            if count > 1 { problems.append("\(line.what): \(count) answers") }
            if count == 0, !line.isWaived { problems.append("\(line.what): no answer") }
        }
        for channel in channels { channel.close() }
        return problems + rig.shutDown()
    }

    /// How many questions of servers clients answered, and how many calls came back with answers.
    var asked: (answers: Int, resumed: Int) {
        (
            all.reduce(0) { $0 + $1.answers.filter { $0["result"] != nil }.count },
            sent.filter { $0.what.hasPrefix("again") && $0.exchange.response?.text != nil }.count
        )
    }
    var answered: Int { sent.filter { $0.exchange.response?["result"] != nil }.count }
    var requests: Int { sent.count + sentLines.count }
}
