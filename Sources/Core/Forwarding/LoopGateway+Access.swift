import Identifiers
import Routing
import Sessions

// Who asks, and whether it may.
extension LoopGateway {
    /// The most credentials that a loop remembers.
    private static let maxCredentials = 1024

    /// Serves the request of a client that shows who it is; others are told how (RFC 6750, section 3).
    func admit(_ request: HTTPRequest, _ exchange: any HTTPExchange) {
        switch authentication(request.headers.authorization) {
        case .known(let principal):
            var known = request
            known.principal = principal
            // No further than here.
            known.headers.authorization = nil
            serve(known, exchange)
        case .missing:
            challenge(request, exchange, 401, "Bearer", "a key is needed: Authorization: Bearer KEY")
        case .invalid:
            challenge(request, exchange, 401, #"Bearer error="invalid_token""#, "the key is not known")
        }
    }

    /// The principal may not use the address.
    func forbid(_ request: HTTPRequest, _ exchange: any HTTPExchange) {
        challenge(
            request, exchange, 403, #"Bearer error="insufficient_scope""#,
            "the key does not open this address")
    }

    private func challenge(
        _ request: HTTPRequest, _ exchange: any HTTPExchange, _ status: Int, _ challenge: String,
        _ message: String
    ) {
        gateway.audit?.turnedAway(
            status: status, path: request.path, principal: status == 403 ? request.principal.name : "",
            reason: message)
        var headers = HTTPAnswer.Headers()
        headers.challenge = challenge
        let error = RPCError(code: ErrorCode.invalidRequest, message: message)
        exchange.answer(
            HTTPAnswer(status: status, headers: headers, content: .json, body: error.answer(id: nil)))
    }

    /// A client shows the same credential with every request, so it is looked at once.
    private func authentication(_ authorization: String?) -> Authentication {
        guard let authenticator = view.plan.access.authenticator else { return .known(.anonymous) }
        guard let authorization else { return .missing }
        if let known = credentials[authorization] { return known }
        let found = authenticator.authenticate(authorization: authorization)
        // What is invalid is not remembered, so that guesses push nothing out.
        guard case .known = found else { return found }
        if credentials.count >= Self.maxCredentials { credentials = [:] }
        credentials[authorization] = found
        return found
    }

    /// Counts a call among those of its principal.
    /// - Returns: nil if it may go on, else after how many milliseconds it is worth another try.
    func limit(_ call: Call) -> Int? {
        let principal = call.incoming.client.principal
        guard let limits = view.rule(of: principal)?.limits, !limits.isUnlimited else { return nil }
        if let milliseconds = gateway.limiter.enter(principal, limits, now: now) { return milliseconds }
        call.isLimited = true
        return nil
    }
}
