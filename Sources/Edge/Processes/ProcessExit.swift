/// How a process ended.
package enum ProcessExit: Sendable, Hashable {
    case exited(code: Int32)
    case signaled(signal: Int32)
    /// The process is gone, but something else in this program collected its status.
    case unobserved
}

extension ProcessExit: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signaled(let signal): "signal \(signal)"
        case .unobserved: "unknown status"
        }
    }
}
