@testable import Forwarding

/// Servers that ask their clients, and clients that answer, refuse, leave out, or never say anything.
extension Chaos {
    private static var questions: [JSONObject] {
        [
            ["method": "roots/list"], AskingTests.sampling,
            [
                "method": "elicitation/create",
                "params": ["message": "who?", "_meta": ["progressToken": "t"]],
            ],
            ["method": "ping"], ["method": "other/thing"],
        ]
    }

    var someArguments: JSONObject {
        let requests = (0..<Int.random(in: 1...3, using: &random)).map { number in
            (pick(Self.questions) ?? [:]).merging(["id": chance(90) ? number : 0]) { $1 }
        }
        let rounds = (0..<Int.random(in: 0...3, using: &random)).map { _ -> JSONObject in
            chance(80)
                ? ["a": pick(Array(Self.questions.prefix(3))) ?? [:], "b": ["method": "roots/list"]] : [:]
        }
        return ["number": 1, "text": "x", "requests": requests, "rounds": rounds, "unasked": chance(40)]
    }

    var someMeta: JSONObject {
        let capabilities =
            chance(70) ? AskingTests.everything : chance(50) ? ["roots": [:] as JSONObject] : [:]
        return ["progressToken": "p", "io.modelcontextprotocol/clientCapabilities": capabilities]
    }

    /// A server asks while it works on a call, or outside any.
    func ask() {
        guard let server = pick(all.filter { $0.kind == .legacy }) else { return }
        let id = Int.random(in: 0..<5, using: &random)
        let message = ["jsonrpc": "2.0", "id": id].merging(pick(Self.questions) ?? [:]) { $1 }
        let note: JSONObject =
            chance(80)
            ? message : ScriptedServer.notification("notifications/cancelled", ["requestId": id])
        if let held = pick(server.held), chance(70) {
            held.notify(note)
        } else {
            pick(server.liveProcesses)?.peer.unasked?(note)
        }
    }

    func answer() {
        if chance(50) { answerLegacy() } else { comeBack() }
    }

    private func answerLegacy() {
        guard let client = pick(clients) else { return }
        let asked = (sent.filter { $0.client === client }.map(\.exchange) + streams).flatMap(\.requests)
        guard let id = pick(asked.suffix(8))?["id"] else { return }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: _ = client.refuse(id, code: -1, loop: someLoop)
        case 1:
            _ = client.notify("notifications/progress", ["progressToken": id, "progress": 1], loop: someLoop)
        case 2: _ = client.notify("notifications/roots/list_changed", loop: someLoop)
        default: _ = client.answer(id, ["roots": [] as [Any]], loop: someLoop)
        }
    }

    /// A modern client sends its request again with answers.
    private func comeBack() {
        let asked = sent.filter { $0.exchange.response?.result?["resultType"] as? String == "input_required" }
        guard let request = pick(asked.suffix(6)), let result = request.exchange.response?.result else {
            return
        }
        var params = request.params
        params["requestState"] = result["requestState"]
        let questions = result["inputRequests"] as? JSONObject ?? [:]
        let answered = questions.keys.sorted().filter { _ in chance(80) }
        params["inputResponses"] = Dictionary(
            uniqueKeysWithValues: answered.map { ($0, ["action": "accept"] as JSONObject) })
        if chance(5) { params["requestState"] = "nonsense" }
        sent.append(
            Sent(
                exchange: rig.modern("tools/call", params, at: request.path, loop: someLoop, meta: someMeta),
                what: "again \(request.what)", client: nil, path: request.path, params: params))
    }
}
