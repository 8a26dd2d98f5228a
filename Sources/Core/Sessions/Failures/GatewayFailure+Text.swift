/// What an agent reads about a failure: what happened, whether the call may have taken effect, what to do
/// next.
extension GatewayFailure {
    package var text: String {
        "\(happened) \(advice)"
    }

    private var who: String { server.map { "The server '\($0)'" } ?? "The server" }

    private var happened: String {
        switch kind {
        case .upstreamTimeout(let milliseconds): "\(who) did not answer within \(milliseconds) ms."
        case .upstreamUnavailable(.notReached): "\(who) cannot be reached."
        case .upstreamUnavailable(.lostInFlight): "\(who) ended or closed the connection before it answered."
        case .upstreamUnavailable(.notReady): "\(who) is not ready."
        case .upstreamUnavailable(.unauthorized(let status)):
            "\(who) refused the gateway's credentials (HTTP \(status))."
        case .circuitOpen: "\(who) failed repeatedly and is not asked for a while."
        case .overloaded: server == nil ? "The gateway is overloaded." : "\(who) has too many calls waiting."
        case .limitReached: "The limit of calls that this client may make is reached."
        case .auditUnavailable: "The gateway can't write its audit log, without which it carries out no call."
        case .messageTooLarge(let limit): "The answer of \(lowerWho) exceeds the limit of \(limit) bytes."
        case .upstreamProtocolError(let violation): "\(who) broke the protocol: \(violation.text)."
        case .draining: "The gateway is shutting down."
        }
    }

    private var lowerWho: String { server.map { "the server '\($0)'" } ?? "the server" }

    private var advice: String {
        switch kind {
        case .upstreamTimeout, .upstreamUnavailable(.lostInFlight), .upstreamProtocolError:
            "The call may or may not have taken effect: check before you repeat it if it changes anything."
        case .upstreamUnavailable(.notReached), .upstreamUnavailable(.notReady), .circuitOpen:
            "The call was not carried out: \(retryAdvice), or use another tool."
        case .upstreamUnavailable(.unauthorized):
            "The call was not carried out: ask the operator to renew the credentials."
        case .overloaded, .limitReached, .auditUnavailable, .draining:
            "The call was not carried out: \(retryAdvice)."
        case .messageTooLarge: "Ask for less, for example with a filter, a range or a smaller page."
        }
    }

    private var retryAdvice: String {
        guard let retryAfterMilliseconds else { return "try again later" }
        return "try again in \(retryAfterMilliseconds) ms"
    }
}
