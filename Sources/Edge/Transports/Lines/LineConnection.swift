import NIOCore
import Sessions
import Telemetry

/// Newline-delimited messages over any stream channel of NIO. Confined to its loop.
package final class LineConnection: ChannelInboundHandler, LineChannel {
    package typealias InboundIn = ByteBuffer

    /// How long nothing is written before a channel closes whose peer has ended its input.
    private static var quiet: TimeAmount { .seconds(5) }

    private let ownLoop: NIOLoop
    private let state: LoopState
    private let limits: LineLimits
    private var context: ChannelHandlerContext?
    private var framer: LineFramer
    private var receiver: (any LineReceiver)?
    /// Gives the receiver for the peer's first line, for a channel whose peer says first what it wants.
    private var greet: ((LineConnection, [UInt8]) -> (any LineReceiver)?)?
    private var hasUnflushed = false
    private var isClosing = false
    /// Writes so far, by which the quiet after the end of the input is told.
    private var writes = 0
    private var incoming: HeldBytes
    private var unsent: UnsentBytes

    /// - Parameter loop: the loop that the caller runs on.
    init(_ loop: NIOLoop, _ limits: LineLimits, receiver: any LineReceiver) {
        ownLoop = loop
        state = loop.state
        self.limits = limits
        self.receiver = receiver
        framer = LineFramer(maxLineBytes: limits.maxLineBytes)
        incoming = HeldBytes(limits.memory)
        unsent = UnsentBytes(limits.memory)
    }

    /// - Parameter greet: takes the first line and returns who takes the others, or nil to close the channel.
    init(
        _ loop: NIOLoop, _ limits: LineLimits,
        greet: @escaping (LineConnection, [UInt8]) -> (any LineReceiver)?
    ) {
        ownLoop = loop
        state = loop.state
        self.limits = limits
        self.greet = greet
        framer = LineFramer(maxLineBytes: limits.maxLineBytes)
        incoming = HeldBytes(limits.memory)
        unsent = UnsentBytes(limits.memory)
    }

    package var loop: any Loop { ownLoop }

    package var isWritable: Bool { context?.channel.isWritable ?? false }

    package func write(_ message: [UInt8]) {
        guard let context, !isClosing else { return }
        var buffer = state.takeWriteBuffer(message.count + 1)
        buffer.writeBytes(message)
        buffer.writeInteger(UInt8(0x0A))
        writes &+= 1
        unsent.wrote(buffer.readableBytes)
        context.write(NIOAny(buffer), promise: nil)
        state.keepWriteBuffer(buffer)
        guard !hasUnflushed else { return }
        hasUnflushed = true
        state.needsFlush(self)
    }

    package func pauseReading(_ paused: Bool) {
        context?.channel.setReading(!paused)
    }

    /// Sends what is written and closes, after two seconds at the latest; the peer is no longer heard.
    package func close() {
        guard let context, !isClosing else { return }
        isClosing = true
        flushWrites()
        // The promise fails if the peer is gone already, which closes the channel too.
        let flushed = context.eventLoop.makePromise(of: Void.self)
        flushed.futureResult.assumeIsolated().whenComplete { [self] _ in
            self.context?.close(promise: nil)
        }
        context.writeAndFlush(NIOAny(ByteBuffer()), promise: flushed)
        context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(2)) { [self] in
            self.context?.close(promise: nil)
        }
    }

    /// Adds the connection to a channel of its loop.
    ///
    /// - Parameter outlivesInput: the end of what the peer sends does not close the channel at once.
    func attach(to channel: any Channel, outlivesInput: Bool = false) throws {
        if outlivesInput {
            try channel.syncOptions?.setOption(ChannelOptions.allowRemoteHalfClosure, value: true)
        }
        try channel.setStreamOptions(state, highWaterBytes: limits.highWaterBytes)
        try channel.pipeline.syncOperations.addHandler(self)
    }

    // MARK: From the channel

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        state.enter()
        framer.take(buffer.readableBytesUInt8Span) { deliver($0) }
        if !incoming.set(framer.heldBytes) {
            framer.skipLine()
            _ = incoming.set(0)
        }
        state.readBuffer.giveBack(buffer)
        state.leave()
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        flushWrites()
        context.fireChannelReadComplete()
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        _ = unsent.recount(context.channel)
        guard context.channel.isWritable, let receiver else { return }
        state.run { receiver.becameWritable() }
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else { return }
        guard let receiver else { return close() }
        state.run {
            if !receiver.inputEnded() { closeWhenQuiet() }
        }
    }

    private func closeWhenQuiet() {
        let seen = writes
        ownLoop.eventLoop.assumeIsolated().scheduleTask(in: Self.quiet) { [self] in
            if writes == seen { close() } else if !isClosing { closeWhenQuiet() }
        }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        isClosing = true
        _ = incoming.set(0)
        unsent.clear()
        greet = nil
        if let receiver = receiver.take() { state.run { receiver.closed() } }
    }

    private func deliver(_ output: LineFramer.Output) {
        guard !isClosing else { return }
        guard let receiver else { return greet(output) }
        switch output {
        case .line(let line): receiver.received(line)
        case .oversized: receiver.skippedOversizedLine()
        }
    }

    private func greet(_ output: LineFramer.Output) {
        guard let greet = greet.take(), case .line(let line) = output, let receiver = greet(self, line) else {
            return close()
        }
        self.receiver = receiver
    }
}

extension LineConnection: Flushable {
    func flushWrites() {
        guard hasUnflushed else { return }
        hasUnflushed = false
        guard let context else { return }
        context.flush()
        // A peer that does not read, while there is no room to keep what it does not take.
        if !unsent.flushed(context.channel) { context.close(promise: nil) }
    }
}
