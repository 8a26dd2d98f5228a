import Identifiers

/// An answer whose client must come back for it.
final class ScriptedPoll {
    var rounds: Int
    var answer: JSONObject?
    /// When the client was told to come back, and came.
    var times: [MonotonicTime] = []

    init(rounds: Int) { self.rounds = rounds }
}

/// A server that ends the stream of an answer ahead of the answer (2025-11-25, basic/transports).
extension ScriptedServer {
    func poll(_ message: JSONObject, _ peer: Peer, _ exchange: ScriptedExchange) {
        let poll = ScriptedPoll(rounds: pollRounds)
        let id = "\(name)-event-\(exchange.number)"
        polls[id] = poll
        take(message, peer, exchange, reply: { poll.answer = $0 }, notify: { exchange.event($0) })
        prime(poll, id, exchange)
    }

    func goOn(with poll: ScriptedPoll, _ id: String, _ exchange: ScriptedExchange) {
        if let now = world?.now { poll.times.append(now) }
        poll.rounds -= 1
        guard poll.rounds <= 0, let answer = poll.answer else { return prime(poll, id, exchange) }
        exchange.event(answer, isLast: true)
    }

    private func prime(_ poll: ScriptedPoll, _ id: String, _ exchange: ScriptedExchange) {
        if let now = world?.now { poll.times.append(now) }
        exchange.prime(id, retry: pollMilliseconds)
        exchange.finish()
    }
}
