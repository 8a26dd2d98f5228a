/// What a scripted server asks of its client: the tool `ask`, and what tests make it ask of its own accord.
extension ScriptedServer {
    /// What was asked of one client, until all of it is answered.
    final class Question {
        let peer: Peer
        let ids: [String]
        var answers: [String: JSONObject] = [:]
        let completion: ([JSONObject]) -> Void

        init(_ peer: Peer, _ ids: [String], _ completion: @escaping ([JSONObject]) -> Void) {
            self.peer = peer
            self.ids = ids
            self.completion = completion
        }
    }

    /// Sends the `requests` of the arguments to the client, on the answer's own stream, or with `unasked`
    /// where the server sends what belongs to no call; answers the call with what the client answered.
    func ask(
        _ arguments: JSONObject, _ peer: Peer, _ answer: @escaping (JSONObject) -> Void,
        _ notify: @escaping (JSONObject) -> Void
    ) {
        let requests = arguments["requests"] as? [JSONObject] ?? []
        let messages = requests.map { request in
            ["jsonrpc": "2.0"].merging(request) { $1 } as JSONObject
        }
        ask(peer, messages) { answers in answer(self.text(Self.described(answers))) }
        let way = arguments["unasked"] as? Bool ?? false ? peer.unasked ?? notify : notify
        for message in messages { way(message) }
    }

    /// Expects answers to these requests.
    func ask(_ peer: Peer, _ messages: [JSONObject], _ completion: @escaping ([JSONObject]) -> Void) {
        questions.append(Question(peer, messages.map { Self.key($0["id"]) }, completion))
    }

    /// Wants a page opened before it carries a call out, as 2025-11-25 says it.
    static var pageWanted: JSONObject {
        let page = [
            "mode": "url", "elicitationId": "e1", "url": "https://example.org/", "message": "sign in",
        ]
        return ["error": ["code": -32042, "message": "sign in first", "data": ["elicitations": [page]]]]
    }

    static func key(_ id: Any?) -> String { id.map { $0 is String ? "\"\($0)\"" : "\($0)" } ?? "" }

    static func described(_ answers: [JSONObject]) -> String {
        answers.map { answer in
            if let code = answer.errorCode {
                return "error \(code) \(answer[path: "error", "message"] ?? "")"
            }
            return String(decoding: JSON.bytes(answer["result"] ?? ""), as: UTF8.self)
        }.joined(separator: " | ")
    }

    /// The client's answer to something asked.
    func answered(_ message: JSONObject, _ peer: Peer) {
        answers.append(message)
        let key = Self.key(message["id"])
        guard
            let index = questions.firstIndex(where: {
                $0.peer === peer && $0.ids.contains(key) && $0.answers[key] == nil
            })
        else { return strayAnswers.append(message) }
        let question = questions[index]
        question.answers[key] = message
        guard question.answers.count == Set(question.ids).count else { return }
        questions.remove(at: index)
        question.completion(question.ids.compactMap { question.answers[$0] })
    }
}
