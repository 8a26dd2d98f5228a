import Sessions

/// Why a server gave no answer.
enum LinkFailure: Error, Sendable, Equatable {
    /// The server did not see the request.
    case unreachable(String)
    /// The gateway's connections to the server are all busy; the server did not see the request.
    case noConnectionFree
    /// The connection or the process broke while the answer was due.
    case broken(String)
    case timedOut(milliseconds: Int)
    case messageTooLarge
    /// What the server sent is not what the protocol allows.
    case malformed(String)
    /// The server refused the request with an HTTP status.
    case refused(status: Int)
    /// The server asked for a pause (429 or 503).
    case overloaded(retryAfterSeconds: Int?)
    /// The server no longer knows the session (404).
    case sessionLost
    case removed

    init(_ failure: UpstreamFailure) {
        self =
            switch failure {
            case .unreachable(let detail): .unreachable(detail)
            case .noConnectionFree: .noConnectionFree
            case .broken(let detail): .broken(detail)
            case .messageTooLarge: .messageTooLarge
            case .malformed(let detail): .malformed(detail)
            }
    }

    init(_ failure: LaunchFailure) {
        self =
            switch failure {
            case .commandNotFound(let command): .unreachable("command not found: \(command)")
            case .notPermitted(let command): .unreachable("not permitted to run \(command)")
            case .noSuchWorkingDirectory(let path): .unreachable("no such working directory: \(path)")
            case .failed(let command, let errno): .unreachable("starting \(command) failed, errno \(errno)")
            }
    }

    /// The longest pause that a server may ask for, in seconds.
    private static let maxPauseSeconds = 3_600

    /// When a client may try again, where that is known.
    var retryAfterMilliseconds: Int? {
        switch self {
        case .noConnectionFree: 1_000
        case .overloaded(let seconds): min(max(0, seconds ?? 1), Self.maxPauseSeconds) * 1000
        default: nil
        }
    }

    var text: String {
        switch self {
        case .unreachable(let detail): "cannot be reached: \(detail)"
        case .noConnectionFree: "has too many requests waiting for a connection"
        case .broken(let detail): "broke off: \(detail)"
        case .timedOut(let milliseconds): "gave no answer within \(milliseconds) ms"
        case .messageTooLarge: "sent a message beyond the size limit"
        case .malformed(let detail): "broke the protocol: \(detail)"
        case .refused(let status): "refused the request with HTTP status \(status)"
        case .overloaded: "asked for a pause"
        case .sessionLost: "no longer knows the session"
        case .removed: "was removed from the configuration"
        }
    }
}
