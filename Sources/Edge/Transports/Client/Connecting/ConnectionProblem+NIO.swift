import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

extension ConnectionProblem {
    /// What an error of NIO means.
    ///
    /// - Parameters:
    ///   - timeout: the limit for connecting that was in force.
    ///   - certificate: what the server showed, as far as the handshake came.
    init(_ error: any Error, timeout: Duration, certificate: NIOSSLCertificate? = nil) {
        switch error {
        case let problem as ConnectionProblem: self = problem
        case let problem as ClientTLS.Problem: self = .trust(problem)
        case ChannelError.connectTimeout: self = .timedOut(timeout)
        case let error as IOError: self = .system(error.errnoCode)
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first {
                self.init(first.error, timeout: timeout)
            } else {
                self = .hostNotFound(error.host)
            }
        case is NIOSSLExtraError: self = .notTrusted(.otherName)
        case NIOSSLError.handshakeFailed(let cause): self = Self.handshake(cause, certificate)
        case NIOSSLError.uncleanShutdown: self = .closed
        case let cause as BoringSSLError: self = .tls(reason: Self.reason(cause))
        case NIOSSLError.shutdownFailed(let cause): self = .tls(reason: Self.reason(cause))
        case let error as HTTPParserError: self = .notHTTP(reason: error.debugDescription)
        case is ChannelError: self = .closed
        default: self = .other(type: "\(type(of: error))")
        }
    }

    private static func handshake(_ cause: BoringSSLError, _ certificate: NIOSSLCertificate?) -> Self {
        if case .sslError(let stack) = cause, stack.last == .eofDuringHandshake { return .closedInHandshake }
        let reason = reason(cause)
        return switch reason {
        case "CERTIFICATE_VERIFY_FAILED": .notTrusted(CertificateFault(of: certificate))
        case "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST": .notTLS
        default: .handshake(reason: reason)
        }
    }

    /// BoringSSL's name for what went wrong, which NIOSSL gives in the middle of a text only:
    /// `Error: 268… error:1000…:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at FILE:LINE`.
    private static func reason(_ cause: BoringSSLError) -> String {
        switch cause {
        case .sslError(let stack), .unknownError(let stack):
            let text = stack.last.map { "\($0)" } ?? "unknown"
            let beforeFile = text.firstRange(of: " at ").map { text[..<$0.lowerBound] } ?? text[...]
            return String(beforeFile.split(separator: ":").last ?? "unknown")
        default: return "\(cause)"
        }
    }
}
