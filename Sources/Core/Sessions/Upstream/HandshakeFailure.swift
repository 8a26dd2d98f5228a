/// Why an upstream session could not be opened.
package enum HandshakeFailure: Error, Hashable, Sendable {
    package enum Step: String, Hashable, Sendable {
        case discover = "server/discover"
        case initialize
    }

    case timedOut(Step)
    /// No connection came about.
    case unreachable(String)
    /// The gateway has no connection for it; the server was not asked.
    case noConnectionFree
    /// The connection broke, or the process ended, before the answer.
    case ended(Step)
    /// The server wants credentials that the gateway does not have.
    case unauthorized(httpStatus: Int)
    /// The HTTP answer is no JSON-RPC message.
    case httpStatus(Int, Step)
    case refused(Step, code: Int, message: String)
    case malformedResult(Step)
    /// The server answered `initialize` with a revision that the gateway does not speak.
    case unknownVersion(String)
    /// The server named its revisions and none is known.
    case noCommonVersion(offered: [String])
    /// The session id holds characters that no header field may hold, or is too long.
    case badSessionID

    /// What follows the server's name in a log line or a list.
    package var text: String {
        switch self {
        case .timedOut(let step): "no answer to \(step.rawValue) in time"
        case .unreachable(let detail): "cannot be reached: \(detail)"
        case .noConnectionFree: "has too many requests under way to be asked"
        case .ended(let step): "ended before it answered \(step.rawValue)"
        case .unauthorized(let status): "wants credentials (HTTP \(status)): set them in the server's headers"
        case .httpStatus(404, _), .httpStatus(405, _): "is no MCP endpoint at this address: check the url"
        case .httpStatus(let status, let step): "answered \(step.rawValue) with HTTP \(status)"
        case .refused(let step, let code, let message): "refused \(step.rawValue): \(message) (\(code))"
        case .malformedResult(let step): "answered \(step.rawValue) with a result of the wrong shape"
        case .unknownVersion(let version): "speaks the unknown protocol revision '\(version)'"
        case .noCommonVersion(let offered):
            "speaks only unknown protocol revisions: \(offered.prefix(8).joined(separator: ", "))"
        case .badSessionID: "gave a session id that no header field may hold"
        }
    }
}
