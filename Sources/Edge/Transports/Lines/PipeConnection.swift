import NIOCore
import NIOPosix
import Sessions

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Lines over a pair of pipes, such as the standard streams of a child process.
package enum PipeConnection {
    /// Connects the pipes; both descriptors belong to the channel from now on, whatever becomes of it.
    ///
    /// - Parameters:
    ///   - input: the end to read from; a pipe, FIFO, socket or character device, never a regular file.
    ///   - output: the end to write to.
    ///   - completion: called once, on `loop`.
    package static func connect(
        input: CInt, output: CInt, on loop: NIOLoop, limits: LineLimits = LineLimits(),
        receiver: any LineReceiver & Sendable,
        completion: @escaping @Sendable (Result<LineConnection, any Error>) -> Void
    ) {
        let connection = NIOLoopBoundBox<LineConnection?>.makeEmptyBox(eventLoop: loop.eventLoop)
        NIOPipeBootstrap(group: loop.eventLoop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let made = LineConnection(loop, limits, receiver: receiver)
                    try made.attach(to: channel)
                    connection.value = made
                }
            }
            .takingOwnershipOfDescriptors(input: input, output: output)
            .whenComplete { result in
                loop.state.run {
                    switch result {
                    case .success:
                        guard let made = connection.value else {
                            preconditionFailure("the initializer ran before the connection came about")
                        }
                        completion(.success(made))
                    case .failure(let error):
                        _ = close(input)
                        _ = close(output)
                        completion(.failure(error))
                    }
                }
            }
    }
}
