import NIOCore
import NIOHTTP1

/// Feeds one connection's bytes to NIO's HTTP decoder, whose parts go to the next handler.
///
/// It stands in for `ByteToMessageHandler`: the bytes of one read are decoded in place in the loop's shared
/// buffer, and only an undecoded rest is copied. What the read causes is flushed later, as `LoopState` says.
final class DecodeHandler<Part, Written>: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Part

    /// Bytes held back while paused; a peer that gets more in is cut off.
    private static var maxHeldBytes: Int { 512 * 1024 }

    let decoder: HTTPDecoder<Part, Written>
    private let state: LoopState
    private let sliceBytes: Int
    private var context: ChannelHandlerContext?
    /// Bytes that were read and are not decoded; the first `tail` of them were shown to the decoder already.
    private var held: ByteBuffer?
    private var tail = 0
    private var isDecoding = false
    private var isStopped = false
    private var isReading = true
    private var ownerReads = true

    /// Bytes came since the owner last said that a message is over.
    var isMidMessage = false
    /// Holds further messages back, at the end of the slice that is being decoded.
    private(set) var isPaused = false

    /// - Parameter sliceBytes: bytes decoded at a time, which bounds how many messages come before a pause is
    ///   seen.
    init(_ decoder: HTTPDecoder<Part, Written>, _ state: LoopState, sliceBytes: Int) {
        self.decoder = decoder
        self.state = state
        self.sliceBytes = sliceBytes
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        decoder.decoderAdded(context: context)
        if context.channel.isActive { context.read() }
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        context.read()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // Asking here, next to the socket, is cheaper than NIO's automatic reads, which pass all handlers.
        if isReading { context.read() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        decoder.decoderRemoved(context: context)
        self.context = nil
        held = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        if isStopped { return state.readBuffer.giveBack(buffer) }
        state.enter()
        if isDecoding || isPaused {
            hold(buffer, context)
            state.readBuffer.giveBack(buffer)
        } else if held != nil {
            hold(buffer, context)
            state.readBuffer.giveBack(buffer)
            if let whole = held.take() { decode(whole, context) }
        } else {
            decode(buffer, context)
        }
        state.leave()
    }

    func channelInactive(context: ChannelHandlerContext) {
        state.enter()
        if !isDecoding, !isStopped {
            isDecoding = true
            var rest = held.take() ?? ByteBuffer()
            // An error here is a message cut off by the end of the connection, which is what comes next.
            _ = try? decoder.decodeLast(context: context, buffer: &rest, seenEOF: true)
            isDecoding = false
        }
        isStopped = true
        context.fireChannelInactive()
        state.leave()
    }

    /// Drops everything from here on.
    func stop() {
        isStopped = true
        held = nil
        matchReading()
    }

    func pause() {
        isPaused = true
        if !isDecoding { matchReading() }
    }

    func resume() {
        guard isPaused else { return }
        isPaused = false
        guard let context, !isDecoding else { return }
        if let whole = held.take() { decode(whole, context) } else { matchReading() }
    }

    /// Stops or resumes reading for as long as the owner wants it so.
    func setReading(_ reads: Bool) {
        ownerReads = reads
        matchReading()
    }

    private func matchReading() {
        // A stopped connection reads on, so that its end is seen.
        let reads = ownerReads && (!isPaused || isStopped)
        guard reads != isReading else { return }
        isReading = reads
        if reads { context?.read() }
    }

    private func hold(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        let bytes = (held?.readableBytes ?? 0) + buffer.readableBytes
        guard bytes <= Self.maxHeldBytes else {
            stop()
            return context.close(promise: nil)
        }
        var whole = held.take() ?? context.channel.allocator.buffer(capacity: bytes)
        whole.writeImmutableBuffer(buffer)
        held = whole
    }

    private func decode(_ bytes: consuming ByteBuffer, _ context: ChannelHandlerContext) {
        var buffer = bytes
        isDecoding = true
        isMidMessage = true
        do {
            while !isStopped, !isPaused, buffer.readableBytes > tail {
                try decodeSlice(&buffer, context)
            }
        } catch {
            isStopped = true
            context.fireErrorCaught(DecodeFailure(reason: error))
        }
        isDecoding = false
        if !isStopped, buffer.readableBytes > 0 {
            // A read during the decoding, which a failing write may cause, has put later bytes into `held`.
            let later = held.take()
            hold(buffer, context)
            if let later { hold(later, context) }
        }
        state.readBuffer.giveBack(buffer)
        matchReading()
    }

    private func decodeSlice(_ buffer: inout ByteBuffer, _ context: ChannelHandlerContext) throws {
        let length = tail + sliceBytes
        if buffer.readableBytes <= length {
            _ = try decoder.decode(context: context, buffer: &buffer)
            tail = buffer.readableBytes
        } else if var slice = buffer.getSlice(at: buffer.readerIndex, length: length) {
            _ = try decoder.decode(context: context, buffer: &slice)
            buffer.moveReaderIndex(forwardBy: length - slice.readableBytes)
            tail = slice.readableBytes
        }
    }
}
