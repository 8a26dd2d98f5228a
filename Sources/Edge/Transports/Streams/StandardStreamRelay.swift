import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Carries bytes between the standard streams and the running gateway's local socket, both ways, unread.
package enum StandardStreamRelay {
    package enum Failure: Error, Equatable, Sendable {
        /// Nobody answers on the socket: the gateway does not run, or has another configuration.
        case noGateway(path: String, errno: CInt)
        /// The gateway closed before the input had ended.
        case gatewayClosed
    }

    private static let pieceBytes = 64 * 1024

    /// Returns when the gateway has closed: after the end of the input it answers what was asked and closes.
    ///
    /// - Parameters:
    ///   - socketPath: the gateway's socket.
    ///   - endpoint: `/mcp`, `/mcp/<server>` or `/profiles/<name>/mcp`.
    ///   - input: standard input, unless a test says otherwise.
    package static func run(
        socketPath: String, endpoint: String, input: CInt = 0, output: CInt = 1
    ) async throws(Failure) {
        let socket: BlockingDescriptor
        do throws(LocalSocket.Failure) {
            socket = try LocalSocket.connect(socketPath)
        } catch {
            switch error {
            case .pathTooLong: throw .noGateway(path: socketPath, errno: ENAMETOOLONG)
            case .refused(_, let errno): throw .noGateway(path: socketPath, errno: errno)
            }
        }
        signal(SIGPIPE, SIG_IGN)
        let inputEnded = Mutex(false)
        // The upward thread may wait in read for ever after the gateway has gone; the process ends without
        // it.
        DispatchQueue(label: "attune.relay.up").async {
            copyUp(BlockingDescriptor(number: input), socket, endpoint)
            inputEnded.withLock { $0 = true }
            LocalSocket.endOutput(socket)
        }
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            DispatchQueue(label: "attune.relay.down").async {
                copyDown(socket, BlockingDescriptor(number: output))
                continuation.resume()
            }
        }
        let isOver = inputEnded.withLock { $0 }
        if isOver { LocalSocket.close(socket) }
        guard isOver else { throw .gatewayClosed }
    }

    private static func copyUp(_ input: BlockingDescriptor, _ socket: BlockingDescriptor, _ endpoint: String)
    {
        // A failure of either side ends the copying; the other direction sees the end of the socket.
        do throws(BlockingDescriptor.Failure) {
            try socket.write(Array("\(LocalSocketListener.greeting)\(endpoint)\n".utf8))
            while true {
                let bytes = try input.read(upTo: pieceBytes)
                if bytes.isEmpty { return }
                try socket.write(bytes)
            }
        } catch {
            return
        }
    }

    private static func copyDown(_ socket: BlockingDescriptor, _ output: BlockingDescriptor) {
        do throws(BlockingDescriptor.Failure) {
            while true {
                let bytes = try socket.read(upTo: pieceBytes)
                if bytes.isEmpty { return }
                try output.write(bytes)
            }
        } catch {
            return
        }
    }
}
