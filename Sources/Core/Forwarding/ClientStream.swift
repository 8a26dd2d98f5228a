import Sessions

/// A stream that a client keeps open for what comes unasked: a GET stream, a listening POST, the 2024-11-05
/// transport's stream, or a line connection. `send` may be called on any loop; the rest is confined to the stream's.
final class ClientStream: @unchecked Sendable {
    // Proof of Sendable: every stored property is immutable but `isClosed`, which only the stream's loop touches, and
    // the sink is used on that loop alone.
    private enum Sink {
        case events(any HTTPExchange, name: StaticString?)
        case lines(any LineChannel)
    }

    let loop: any Loop
    private let sink: Sink
    private(set) var isClosed = false

    /// - Parameter name: the type of each event: `message` in the 2024-11-05 transport, none later.
    init(_ exchange: any HTTPExchange, eventName: StaticString?) {
        loop = exchange.loop
        sink = .events(exchange, name: eventName)
    }

    init(_ channel: any LineChannel) {
        loop = channel.loop
        sink = .lines(channel)
    }

    var isLines: Bool {
        if case .lines = sink { true } else { false }
    }

    /// True as well on any loop but the stream's, where it can't be known.
    var isWritable: Bool {
        guard loop.isCurrent else { return true }
        return switch sink {
        case .events(let exchange, _): exchange.isWritable
        case .lines(let channel): channel.isWritable
        }
    }

    /// - Parameter isDroppable: true for what a slow reader may miss, so that its backlog stays bounded.
    func send(_ message: [UInt8], isDroppable: Bool) {
        guard loop.isCurrent else {
            loop.execute { self.send(message, isDroppable: isDroppable) }
            return
        }
        guard !isClosed, isWritable || !isDroppable else { return }
        switch sink {
        case .events(let exchange, let name):
            exchange.event(name: name, id: nil, retryMilliseconds: nil, data: message)
        case .lines(let channel): channel.write(SingleLine.flattened(message))
        }
    }

    func keepAlive() {
        guard !isClosed, case .events(let exchange, _) = sink, isWritable else { return }
        exchange.comment("keep-alive")
    }

    /// The client went away.
    func markClosed() { isClosed = true }

    /// Ends the stream from the gateway's side; callable on any loop.
    func end() {
        guard loop.isCurrent else {
            loop.execute { self.end() }
            return
        }
        guard !isClosed else { return }
        isClosed = true
        switch sink {
        case .events(let exchange, _): exchange.endStream()
        case .lines(let channel): channel.close()
        }
    }
}
