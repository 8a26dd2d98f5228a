/// Why a connection to a server did not come about or broke, in words for who runs the gateway.
enum ConnectionProblem: Error, Equatable {
    case hostNotFound(String)
    case timedOut(Duration)
    case handshakeTimedOut(Duration)
    case closed
    /// The errno of a system call.
    case system(CInt)
    case notTrusted(CertificateFault)
    case trust(ClientTLS.Problem)
    /// The server answers, but not in TLS.
    case notTLS
    case closedInHandshake
    /// The handshake failed for a reason that BoringSSL names, such as `TLSV1_ALERT_PROTOCOL_VERSION`.
    case handshake(reason: String)
    /// TLS failed later.
    case tls(reason: String)
    /// The bytes are not HTTP; the reason is that of NIO's parser.
    case notHTTP(reason: String)
    /// None of the above; its type tells a maintainer where to look.
    case other(type: String)

    /// True if the connection did not come about, so that nothing of the request was sent.
    var isBeforeRequest: Bool {
        switch self {
        case .hostNotFound, .timedOut, .handshakeTimedOut, .notTrusted, .trust, .notTLS, .closedInHandshake,
            .handshake:
            true
        case .closed, .system, .tls, .notHTTP, .other: false
        }
    }

    var text: String {
        switch self {
        case .hostNotFound(let host): "host not found: \(host)"
        case .timedOut(let limit): "timed out after \(Self.seconds(limit)) s"
        case .handshakeTimedOut(let limit): "TLS handshake timed out after \(Self.seconds(limit)) s"
        case .closed: "the connection was closed"
        case .system(let code): SystemCall.text(code)
        case .notTrusted(let fault): "certificate not trusted: \(fault.text)"
        case .trust(.unreadableRoots(let path)): "no certificates can be read from SSL_CERT_FILE, \(path)"
        case .trust(.noSystemRoots):
            "the system has no trusted certificates: install ca-certificates or set SSL_CERT_FILE"
        case .notTLS: "the server does not speak TLS there; is its address http://?"
        case .closedInHandshake: "the server closed the connection during the TLS handshake"
        case .handshake(let reason): "the TLS handshake failed: \(Self.words(reason))"
        case .tls(let reason): "TLS failed: \(Self.words(reason))"
        case .notHTTP(let reason): "the answer is not HTTP: \(reason)"
        case .other(let type): "the connection failed: \(type)"
        }
    }

    private static func words(_ reason: String) -> String { reason.lowercased().replacing("_", with: " ") }

    /// Seconds, with milliseconds where there are some.
    private static func seconds(_ limit: Duration) -> String {
        let (whole, attoseconds) = limit.components
        var decimals = String(attoseconds / 1_000_000_000_000_000 + 1000).dropFirst()
        while decimals.last == "0" { decimals.removeLast() }
        return decimals.isEmpty ? "\(whole)" : "\(whole).\(decimals)"
    }
}
