import Storage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Why the gateway did not start, or did not take a configuration.
package enum StartFailure: Error, Sendable, Equatable {
    case addressInUse(address: String, key: String)
    case cannotListen(address: String, key: String, errno: Int32)
    case cannotLog(path: String, errno: Int32)
    case cannotGuard(reason: String)
    case badServer(name: String, reason: String)
    case tooManyServers
    /// The core's segment of the shared region was not made.
    case noSharedMemory(bytes: Int, reason: String)
    /// Another gateway that runs owns the region's directory.
    case regionInUse(path: String, processID: UInt64)
    /// Others may write to the region's directory.
    case regionOpen(path: String)
    case badSessionKey(reason: String)
    /// The key of the audit log, without which no call is to be carried out.
    case badAuditKey(reason: String)
    /// The keys of the data directory can't be had.
    case badStoreKey(KeyFault)

    static let addressInUseErrno = EADDRINUSE

    /// What is wrong and what to do next.
    package var text: String {
        switch self {
        case .addressInUse(let address, let key):
            "the address \(address) is in use: stop what listens there (another attune?), or change \(key)"
        case .cannotListen(let address, let key, let errno):
            "cannot listen on \(address) (errno \(errno)): check \(key)"
        case .cannotLog(let path, let errno):
            "cannot write the log \(path) (errno \(errno)): check [observability] log_file"
        case .cannotGuard(let reason): "cannot start the lifeline process: \(reason)"
        case .badServer(let name, let reason): "the server '\(name)' cannot be used: \(reason)"
        case .badSessionKey(let reason): "[security] session_key cannot be used: \(reason)"
        case .badAuditKey(let reason): "the audit log's key cannot be used: \(reason)"
        case .badStoreKey(let fault): "\(fault); \(fault.next)"
        case .noSharedMemory(let bytes, let reason):
            "the shared region of \(bytes >> 10) KiB cannot be made (\(reason)): free memory or raise the limit "
                + "of the container, choose a smaller [memory] profile or shared_memory_size, or set [learning] "
                + "mode = \"off\""
        case .regionInUse(let path, let processID):
            "\(path) belongs to the gateway of process \(processID), which runs: stop it, or give this one its own "
                + "[learning] socket or [persistence] rocksdb_path"
        case .regionOpen(let path):
            "\(path), the region's directory, may be written by other users: chmod 700 \(path)"
        case .tooManyServers: "too many servers were configured since the start: restart the gateway"
        }
    }
}
