/// A modern server's tool `inputs`: asks for what its arguments say, round after round.
extension ScriptedServer {
    /// `rounds` holds the `inputRequests` of each round; the state counts them. The final result is the text
    /// of the last answers.
    func inputs(_ message: JSONObject, _ answer: @escaping (JSONObject) -> Void) {
        let params = message.params
        inputCalls.append(params)
        let arguments = params["arguments"] as? JSONObject ?? [:]
        let rounds = arguments["rounds"] as? [JSONObject] ?? []
        let done =
            (params["requestState"] as? String).flatMap { Int($0.dropFirst(Self.statePrefix.count)) } ?? 0
        if done < rounds.count {
            var result: JSONObject = [
                "resultType": "input_required", "requestState": "\(Self.statePrefix)\(done + 1)",
            ]
            if !rounds[done].isEmpty { result["inputRequests"] = rounds[done] }
            return answer(["result": result])
        }
        let responses = JSON.bytes(params["inputResponses"] ?? ["none": true])
        answer(text(String(decoding: responses, as: UTF8.self)))
    }

    /// Holds what a careless gateway would change: quotes, escapes, other scripts.
    static var statePrefix: String { "s\"\\/\u{e9}\n " }
}
