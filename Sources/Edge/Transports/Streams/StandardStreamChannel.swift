import Dispatch
import NIOCore
import Sessions
import Synchronization

/// Lines over the process's own standard streams: one thread that waits in read, one that waits in write.
///
/// The rest of it is confined to its loop.
package final class StandardStreamChannel: LineChannel, @unchecked Sendable {
    // Proof of Sendable: `output` and the semaphores are shared with the threads; everything else is touched
    // on the loop only.

    /// Pieces that were read and wait for the loop; the reading thread waits for room.
    private static let maxPieces = 4
    private static let pieceBytes = 64 * 1024
    /// How long nothing is written before the channel closes after the end of the input.
    private static let quiet = Duration.seconds(5)

    private struct Output {
        var messages: [[UInt8]] = []
        var bytes = 0
        var isEnding = false
        var isBroken = false
    }

    private let ownLoop: NIOLoop
    private let limits: LineLimits
    private let input: BlockingDescriptor
    private let descriptor: BlockingDescriptor
    private let room = DispatchSemaphore(value: StandardStreamChannel.maxPieces)
    private let written = DispatchSemaphore(value: 0)
    private let output = Mutex(Output())
    private let ended: EventLoopPromise<Void>

    private var framer: LineFramer
    private var receiver: (any LineReceiver)?
    private var isPaused = false
    private var hasEnded = false
    private var held: [[UInt8]] = []
    private var writes = 0

    /// Starts the threads; the receiver that `connect` returns is called on `loop`.
    ///
    /// - Parameters:
    ///   - loop: the loop that the caller runs on.
    ///   - connect: gives the receiver of the lines, or nil to close at once.
    package init(
        on loop: NIOLoop, limits: LineLimits = LineLimits(), input: CInt = 0, output: CInt = 1,
        connect: (StandardStreamChannel) -> (any LineReceiver)?
    ) {
        ownLoop = loop
        self.limits = limits
        self.input = BlockingDescriptor(number: input)
        descriptor = BlockingDescriptor(number: output)
        framer = LineFramer(maxLineBytes: limits.maxLineBytes)
        ended = loop.eventLoop.makePromise()
        DispatchQueue(label: "attune.output").async { [self] in writeMessages() }
        receiver = connect(self)
        if receiver == nil {
            close()
        } else {
            DispatchQueue(label: "attune.input").async { [self] in readPieces() }
        }
    }

    /// Returns when all that was written has left, after the end of the input or a failure of either stream.
    package func untilClosed() async {
        // The promise is only ever fulfilled.
        try? await ended.futureResult.get()
    }

    package var loop: any Loop { ownLoop }

    package var isWritable: Bool {
        output.withLock { $0.bytes <= limits.highWaterBytes && !$0.isBroken }
    }

    package func write(_ message: [UInt8]) {
        writes &+= 1
        let isQueued = output.withLock { output in
            guard !output.isEnding, !output.isBroken else { return false }
            output.messages.append(message)
            output.bytes += message.count + 1
            return true
        }
        if isQueued { written.signal() }
    }

    package func pauseReading(_ paused: Bool) {
        isPaused = paused
        guard !paused else { return }
        while !isPaused, !held.isEmpty { take(held.removeFirst()) }
    }

    /// Ends the channel once what is written has left.
    package func close() {
        output.withLock { $0.isEnding = true }
        written.signal()
    }

    // MARK: Reading

    private func readPieces() {
        while true {
            // A failure to read, such as that of a terminal that is gone, is the end of the input.
            let bytes = (try? input.read(upTo: Self.pieceBytes)) ?? []
            room.wait()
            ownLoop.execute { self.received(bytes) }
            if bytes.isEmpty { return }
        }
    }

    private func received(_ bytes: [UInt8]) {
        if isPaused || !held.isEmpty { held.append(bytes) } else { take(bytes) }
    }

    private func take(_ bytes: [UInt8]) {
        room.signal()
        if bytes.isEmpty {
            framer.finish { deliver($0) }
            if let receiver, !receiver.inputEnded() { closeWhenQuiet() }
        } else {
            framer.take(bytes.span) { deliver($0) }
        }
    }

    private func deliver(_ output: LineFramer.Output) {
        switch output {
        case .line(let line): receiver?.received(line)
        case .oversized: receiver?.skippedOversizedLine()
        }
    }

    private func closeWhenQuiet() {
        let seen = writes
        _ = ownLoop.schedule(after: Self.quiet) { [self] in
            if writes == seen { close() } else if !hasEnded { closeWhenQuiet() }
        }
    }

    // MARK: Writing

    private func writeMessages() {
        while true {
            written.wait()
            let (messages, isEnding) = output.withLock { output in
                defer { output.messages = [] }
                return (output.messages, output.isEnding)
            }
            if !messages.isEmpty, !write(messages) { break }
            if isEnding { break }
        }
        ownLoop.execute { self.end() }
    }

    /// - Returns: false if the output is broken, so that nothing more can be said.
    private func write(_ messages: [[UInt8]]) -> Bool {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(messages.reduce(0) { $0 + $1.count + 1 })
        for message in messages {
            bytes += message
            bytes.append(0x0A)
        }
        do throws(BlockingDescriptor.Failure) {
            try descriptor.write(bytes)
        } catch {
            output.withLock { $0.isBroken = true }
            return false
        }
        let becameWritable = output.withLock { output in
            let wasAbove = output.bytes > limits.highWaterBytes
            output.bytes -= bytes.count
            return wasAbove && output.bytes <= limits.highWaterBytes
        }
        if becameWritable { ownLoop.execute { self.receiver?.becameWritable() } }
        return true
    }

    private func end() {
        guard !hasEnded else { return }
        hasEnded = true
        receiver.take()?.closed()
        ended.succeed()
    }
}
