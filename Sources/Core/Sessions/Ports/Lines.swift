/// A peer that speaks newline-delimited JSON: a stdio client, or a server's process. Confined to its loop.
package protocol LineChannel: AnyObject {
    var loop: any Loop { get }
    /// False while more than the high-water mark of bytes waits for the peer to read.
    var isWritable: Bool { get }
    /// Sends one message; the newline is added. The message holds no newline.
    func write(_ message: [UInt8])
    /// Stops (true) or resumes reading from the peer.
    func pauseReading(_ paused: Bool)
    func close()
}

/// Takes what a line peer sends. Called on the channel's loop.
package protocol LineReceiver: AnyObject {
    /// One line, without its newline and a carriage return before it; never empty.
    func received(_ line: [UInt8])
    /// A line exceeded the largest message and was skipped to its end.
    func skippedOversizedLine()
    func becameWritable()
    /// The peer sends nothing more, but still reads.
    ///
    /// - Returns: true if the receiver closes the channel itself when its answers are written; else the
    ///   channel closes once it has been quiet for a while.
    func inputEnded() -> Bool
    /// The peer closed or broke; nothing follows.
    func closed()
}

extension LineReceiver {
    package func inputEnded() -> Bool { false }
}

/// Takes stdio clients from the local socket; one instance a loop.
package protocol LineFront: AnyObject {
    /// - Parameter path: the endpoint that the client asked for: `/mcp`, `/mcp/<server>` or
    ///   `/profiles/<name>/mcp`.
    /// - Returns: nil when there is no such endpoint; the channel is then closed.
    func connected(_ channel: any LineChannel, path: String) -> (any LineReceiver)?
}

/// A server's process and its standard streams.
package protocol ProcessChannel: LineChannel {
    var processID: Int32 { get }
    /// The last lines the process wrote to its standard error, oldest first; bounded.
    var standardErrorTail: [String] { get }
    /// Closes standard input, waits, sends SIGTERM, waits, sends SIGKILL to the process group.
    func terminate()
}

package enum LaunchFailure: Error, Sendable, Equatable {
    case commandNotFound(String)
    case notPermitted(String)
    case noSuchWorkingDirectory(String)
    case failed(String, errno: Int32)
}

/// Starts the process of a stdio server.
package protocol ProcessLauncher: AnyObject, Sendable {
    /// Calls `completion` once, on `loop`; the receiver is called on `loop` from then on.
    func launch(
        on loop: any Loop, receiver: any LineReceiver & Sendable,
        completion: @escaping @Sendable (Result<any ProcessChannel & Sendable, LaunchFailure>) -> Void)
}
