import Configuration
import Foundation

/// Tries whether an address can be listened on.
enum PortProbe {
    /// Nobody holds it and it may be held.
    case free
    case taken
    case refused(String)

    static func probe(_ address: ListenAddress) -> PortProbe {
        // Proof: a C structure of numbers and nil pointers, all zero.
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        // Proof: all pointers outlive the call; on success it gives a list that is freed below.
        let code = unsafe getaddrinfo(address.host, String(address.port), &hints, &found)
        guard code == 0, let first = unsafe found else { return .refused("the host is not known") }
        // Proof: the list came from `getaddrinfo` and is freed once.
        defer { unsafe freeaddrinfo(first) }
        // Proof: the list's first entry lives until it is freed.
        let entry = unsafe first.pointee
        // Proof: the three fields are numbers.
        let descriptor = unsafe socket(entry.ai_family, entry.ai_socktype, entry.ai_protocol)
        guard descriptor >= 0 else { return .refused(SystemText.of(errno)) }
        defer { close(descriptor) }
        var yes: Int32 = 1
        // Proof: `yes` outlives the call, which reads its four bytes.
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        // Proof: address and length are those of the list's first entry.
        guard unsafe bind(descriptor, entry.ai_addr, entry.ai_addrlen) == 0, listen(descriptor, 1) == 0 else {
            return errno == EADDRINUSE ? .taken : .refused(SystemText.of(errno))
        }
        return .free
    }
}
