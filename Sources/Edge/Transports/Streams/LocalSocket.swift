#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Connects to a Unix socket with calls that wait.
enum LocalSocket {
    enum Failure: Error, Equatable {
        case pathTooLong(String)
        case refused(String, errno: CInt)
    }

    static func connect(_ path: String) throws(Failure) -> BlockingDescriptor {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard bytes.count < room, !bytes.contains(0) else { throw .pathTooLong(path) }
        // Proof: the path was just found to be shorter than the field, whose other bytes are zero.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        #if canImport(Glibc)
            let number = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        #else
            let number = socket(AF_UNIX, SOCK_STREAM, 0)
        #endif
        guard number >= 0 else { throw .refused(path, errno: errno) }
        // Proof: a sockaddr_un is passed with its own size, as connect demands for AF_UNIX.
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                #if canImport(Glibc)
                    unsafe Glibc.connect(number, pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
                #else
                    unsafe Darwin.connect(number, pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
                #endif
            }
        }
        guard result == 0 else {
            let failure = errno
            close(BlockingDescriptor(number: number))
            throw .refused(path, errno: failure)
        }
        return BlockingDescriptor(number: number)
    }

    /// Tells the peer that nothing more is sent.
    static func endOutput(_ socket: BlockingDescriptor) {
        _ = shutdown(socket.number, CInt(SHUT_WR))
    }

    static func close(_ socket: BlockingDescriptor) {
        #if canImport(Glibc)
            _ = Glibc.close(socket.number)
        #else
            _ = Darwin.close(socket.number)
        #endif
    }
}
