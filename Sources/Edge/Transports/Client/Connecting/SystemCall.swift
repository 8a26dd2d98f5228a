#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The failures of sockets in a few words.
enum SystemCall {
    static func text(_ code: CInt) -> String {
        switch code {
        case ECONNREFUSED: "connection refused"
        case ECONNRESET, EPIPE: "the connection was reset"
        case EHOSTUNREACH: "no route to the host"
        case ENETUNREACH: "the network is unreachable"
        case ETIMEDOUT: "the connection timed out"
        case EMFILE, ENFILE: "no more open files are allowed"
        case EACCES, EPERM: "connecting is not permitted"
        case EADDRNOTAVAIL: "no local port is left"
        case ENOENT: "there is no such socket"
        default: "system error \(code)"
        }
    }
}
