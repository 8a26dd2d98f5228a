import Sessions

/// A `subscriptions/listen` that a scripted server holds open.
struct ScriptedListen {
    let id: Int
    let peer: ScriptedServer.Peer
    weak var exchange: ScriptedExchange?
    let resources: [String]
    let notify: (JSONObject) -> Void
    let reply: (JSONObject) -> Void
}

extension ScriptedServer {
    func listen(
        _ message: JSONObject, _ id: Any, _ peer: Peer, _ exchange: ScriptedExchange?,
        _ notify: @escaping (JSONObject) -> Void, _ reply: @escaping (JSONObject) -> Void
    ) {
        guard offersStream else { return reply(["error": ["code": -32601, "message": "Method not found"]]) }
        guard let id = id as? Int else { return protocolErrors.append("a listen whose id is no number") }
        var filter = message.params["notifications"] as? JSONObject ?? [:]
        let asked = filter["resourceSubscriptions"] as? [String] ?? []
        let agreed = offersSubscriptions ? asked.filter { !refused.contains($0) } : []
        filter["resourceSubscriptions"] = agreed.isEmpty ? nil : agreed
        if let exchange { streams[ObjectIdentifier(exchange)] = (exchange, id) }
        if listens.contains(where: { $0.id == id && $0.peer === peer }) {
            protocolErrors.append("the listen id \(id) twice")
        }
        listens.append(
            ScriptedListen(
                id: id, peer: peer, exchange: exchange, resources: agreed, notify: notify, reply: reply))
        mostListens = max(mostListens, listens.count)
        notify(
            Self.notification(
                "notifications/subscriptions/acknowledged",
                ["notifications": filter, "_meta": ["io.modelcontextprotocol/subscriptionId": id]]))
    }

    func subscribe(_ message: JSONObject, _ method: String, _ peer: Peer) -> JSONObject {
        guard kind == .legacy, offersSubscriptions else {
            return ["error": ["code": -32601, "message": "Method not found: \(method)"]]
        }
        guard let uri = message.params["uri"] as? String, !refused.contains(uri) else {
            return ["error": ["code": -32002, "message": "not this one", "data": ["why": "scripted"]]]
        }
        if method == "resources/subscribe" {
            if !peer.subscribed.insert(uri).inserted { protocolErrors.append("\(uri) subscribed to twice") }
        } else if peer.subscribed.remove(uri) == nil {
            protocolErrors.append("\(uri) unsubscribed from without a subscription")
        }
        return ["result": [:] as JSONObject]
    }

    /// Carries out what waits, the first first.
    func subscribeNow() {
        let waiting = subscribing
        subscribing = []
        for work in waiting { work() }
    }

    /// Everything that is subscribed to, over all sessions and listens.
    var subscriptions: [String] {
        let peers = liveProcesses.map(\.peer) + Array(sessions.values) + [statelessPeer]
        return (peers.flatMap(\.subscribed) + listens.flatMap(\.resources)).sorted()
    }

    /// A resource changes, and whoever subscribed to it is told.
    func update(_ uri: String, as reported: String? = nil) {
        let uriSaid = reported ?? uri
        for peer in liveProcesses.map(\.peer) + Array(sessions.values) + [statelessPeer]
        where peer.subscribed.contains(uri) {
            peer.unasked?(
                Self.notification("notifications/resources/updated", ["uri": uriSaid, "title": "kept"]))
        }
        for listen in listens where listen.resources.contains(uri) {
            listen.notify(
                Self.notification(
                    "notifications/resources/updated",
                    [
                        "uri": uriSaid, "title": "kept",
                        "_meta": ["io.modelcontextprotocol/subscriptionId": listen.id],
                    ]))
        }
    }
}
