import Glibc

/// One end of a connection of the models' socket, with calls that wait. For one thread, but for `cutOff`.
///
/// Both directions carry frames: the length of 32 bits, big-endian, then a JSON object. Behind the request of
/// an import come the bytes of the bundle, as many as it says.
final class ModelConnection: Sendable {
    static let mostRequestBytes = 64 << 10
    static let mostReplyBytes = 4 << 20
    private static let pieceBytes = 256 << 10

    private let number: Int32

    /// - Parameter seconds: how long a call waits for the other end.
    init(taking number: Int32, seconds: Int) {
        self.number = number
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            // Proof: a timeval is passed with its own size, as both options demand.
            _ = unsafe setsockopt(
                number, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    deinit { _ = Glibc.close(number) }

    /// Ends what another thread reads or writes, as if the other end had gone.
    func cutOff() { _ = shutdown(number, Int32(SHUT_RDWR)) }

    static func connect(_ path: String, seconds: Int) throws(ModelLinkFault) -> ModelConnection {
        var address = try ModelSocketAddress.make(path)
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw .system(call: "socket", errno: errno) }
        let connection = ModelConnection(taking: number, seconds: seconds)
        // Proof: the pointer is used inside the closure only, for the size that comes with it.
        let result = unsafe ModelSocketAddress.with(&address) { unsafe Glibc.connect(number, $0, $1) }
        guard result == 0 else {
            if errno == ENOENT || errno == ECONNREFUSED { throw .absent(path: path) }
            throw .system(call: "connect", errno: errno)
        }
        return connection
    }

    /// So many bytes.
    func read(_ count: Int) throws(ModelLinkFault) -> [UInt8] {
        var bytes: [UInt8] = []
        // It grows with what came, since the other end may announce more than it sends.
        while bytes.count < count {
            let due = min(count - bytes.count, Self.pieceBytes)
            var piece = [UInt8](repeating: 0, count: due)
            // Proof: as many bytes are received as the array has room for, which outlives the call.
            let found = unsafe piece.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, due, 0) }
            if found < 0, errno == EINTR { continue }
            if found < 0, errno == EAGAIN || errno == EWOULDBLOCK { throw .timedOut }
            guard found > 0 else { throw .ended }
            bytes += piece.prefix(found)
        }
        return bytes
    }

    func write(_ bytes: [UInt8]) throws(ModelLinkFault) {
        var sent = 0
        while sent < bytes.count {
            let due = bytes.count - sent
            // Proof: the bytes from `sent` on are those that are left of the array, which outlives the call.
            let found = unsafe bytes.withUnsafeBytes { bytes in
                unsafe send(number, bytes.baseAddress?.advanced(by: sent), due, Int32(MSG_NOSIGNAL))
            }
            if found < 0, errno == EINTR { continue }
            if found < 0, errno == EAGAIN || errno == EWOULDBLOCK { throw .timedOut }
            guard found > 0 else { throw .ended }
            sent += found
        }
    }

    func readFrame(upTo limit: Int) throws(ModelLinkFault) -> [UInt8] {
        let length = try read(4).reduce(0) { $0 << 8 | Int($1) }
        guard length <= limit else { throw .malformed }
        return try read(length)
    }

    func writeFrame(_ bytes: [UInt8]) throws(ModelLinkFault) {
        let length = (0..<4).map { UInt8(truncatingIfNeeded: bytes.count >> (24 - 8 * $0)) }
        try write(length + bytes)
    }
}
