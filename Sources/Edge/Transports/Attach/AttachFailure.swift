#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Why a client is not attached, or not any more.
package enum AttachFailure: Error, Sendable, Equatable {
    /// Nobody answers at the path.
    case noGateway(path: String, errno: Int32)
    /// The gateway's certificate is not of the authority, or not for the gateway.
    case gatewayNotTrusted(path: String, reason: String)
    /// The gateway did not take the own certificate; the reason is BoringSSL's name for its alert.
    case certificateRefused(path: String, reason: String)
    case refused(AttachRefusal)
    case timedOut(path: String)
    /// What the gateway said is none of this protocol.
    case badAnswer(path: String)
    case closed(path: String)

    init(_ problem: ConnectionProblem, path: String) {
        self =
            switch problem {
            case .system(ECONNRESET), .system(EPIPE): .closed(path: path)
            case .system(let errno): .noGateway(path: path, errno: errno)
            case .notTrusted: .gatewayNotTrusted(path: path, reason: problem.attachText)
            case .tls(let reason): .certificateRefused(path: path, reason: reason)
            case .timedOut, .handshakeTimedOut: .timedOut(path: path)
            case .handshake, .notTLS, .notHTTP: .badAnswer(path: path)
            case .closed, .closedInHandshake, .hostNotFound, .trust, .other: .closed(path: path)
            }
    }
}

extension AttachFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noGateway(let path, let errno): "no gateway answers at \(path): \(SystemCall.text(errno))"
        case .gatewayNotTrusted(let path, let reason):
            "the gateway's certificate at \(path) is not trusted: \(reason)"
        case .certificateRefused(let path, let reason):
            "the gateway at \(path) refused the certificate (\(reason))"
        case .refused(let refusal): "the gateway refused: \(refusal.message) (\(refusal.code.rawValue))"
        case .timedOut(let path): "the gateway at \(path) took too long to answer"
        case .badAnswer(let path): "what answers at \(path) does not speak the protocol for attaching"
        case .closed(let path): "the gateway at \(path) closed the connection"
        }
    }
}

extension ConnectionProblem {
    /// What is wrong where both sides have certificates of one authority.
    var attachText: String {
        switch self {
        case .notTrusted(.unknownIssuer): "its issuer is not the authority of ca.pem"
        case .notTrusted(let fault): fault.text
        case .handshake("PEER_DID_NOT_RETURN_A_CERTIFICATE"): "it showed no certificate"
        default: text
        }
    }
}
