import Sessions
import Synchronization

/// A stream that a client keeps open for what comes unasked: a GET stream, a listening POST, the 2024-11-05
/// transport's stream, or a line connection. `send`, `offer`, `end` and `isWritable` may be used on any loop;
/// the rest is confined to the stream's.
final class ClientStream: @unchecked Sendable {
    // Proof of Sendable: `isCongested` has its lock; every other variable and the sink are touched on the
    // stream's loop alone, to which `send`, `offer` and `end` hop.
    private enum Sink {
        case events(any HTTPExchange, name: StaticString?)
        case lines(any LineChannel)
    }

    /// The most announcements that wait for a slow reader; each is kept once.
    static let maxOwed = SubscriptionFilter.maxResources + 16

    let loop: any Loop
    private let sink: Sink
    private(set) var isClosed = false
    /// Announcements that wait until the client reads again.
    private var owed: [[UInt8]] = []
    private var isOwed: Set<[UInt8]> = []
    private let isCongested = Mutex(false)
    /// Keeps what is sent for a client that comes back; nil where none can.
    private let log: EventLog?
    /// Called once, when the stream ends from either side.
    var onClosed: (() -> Void)?

    /// - Parameters:
    ///   - eventName: the type of each event: `message` in the 2024-11-05 transport, none later.
    ///   - log: keeps the events of a session's general stream.
    init(_ exchange: any HTTPExchange, eventName: StaticString?, log: EventLog? = nil) {
        loop = exchange.loop
        self.log = log
        sink = .events(exchange, name: eventName)
    }

    init(_ channel: any LineChannel) {
        loop = channel.loop
        log = nil
        sink = .lines(channel)
    }

    var isLines: Bool {
        if case .lines = sink { true } else { false }
    }

    /// Off the stream's loop, how it was after the last message.
    var isWritable: Bool { loop.isCurrent ? sinkIsWritable : !isCongested.withLock { $0 } }

    private var sinkIsWritable: Bool {
        switch sink {
        case .events(let exchange, _): exchange.isWritable
        case .lines(let channel): channel.isWritable
        }
    }

    /// - Parameter isDroppable: true for what a slow reader may miss, so that its backlog stays bounded.
    func send(_ message: [UInt8], isDroppable: Bool) {
        onLoop {
            guard !self.isClosed else { return self.keep(message) }
            if !isDroppable || self.sinkIsWritable { self.write(message) }
        }
    }

    /// Sends an event that is kept already.
    func send(_ message: [UInt8], id: EventID?) {
        onLoop {
            guard !self.isClosed, case .events(let exchange, let name) = self.sink else { return }
            exchange.event(name: name, id: id?.text, retryMilliseconds: nil, data: message)
            if !self.sinkIsWritable { self.isCongested.withLock { $0 = true } }
        }
    }

    /// What came too late for this connection is for the client's next one.
    private func keep(_ message: [UInt8]) {
        log?.record(message, on: EventLog.general, merges: true)
    }

    /// Sends an announcement: later, and once only, if the client reads too slowly.
    func offer(_ message: [UInt8]) {
        onLoop {
            guard !self.isClosed else { return self.keep(message) }
            if self.sinkIsWritable { return self.write(message) }
            if self.owed.count < Self.maxOwed, self.isOwed.insert(message).inserted {
                self.owed.append(message)
            }
        }
    }

    private func onLoop(_ body: @escaping @Sendable () -> Void) {
        if loop.isCurrent { body() } else { loop.execute(body) }
    }

    private func write(_ message: [UInt8]) {
        switch sink {
        case .events(let exchange, let name):
            let id = log?.record(message, on: EventLog.general)
            exchange.event(name: name, id: id?.text, retryMilliseconds: nil, data: message)
        case .lines(let channel): channel.write(SingleLine.flattened(message))
        }
        if !sinkIsWritable { isCongested.withLock { $0 = true } }
    }

    /// The client reads again.
    func becameWritable() {
        isCongested.withLock { $0 = false }
        while !isClosed, !owed.isEmpty, sinkIsWritable {
            let message = owed.removeFirst()
            isOwed.remove(message)
            write(message)
        }
    }

    func keepAlive() {
        guard !isClosed, case .events(let exchange, _) = sink, sinkIsWritable else { return }
        exchange.comment("keep-alive")
    }

    /// The client went away.
    func markClosed() {
        guard !isClosed else { return }
        isClosed = true
        if let log {
            log.generalBroke()
            for message in owed { keep(message) }
        }
        owed = []
        isOwed = []
        onClosed.take()?()
    }

    /// Ends the stream from the gateway's side.
    func end() {
        onLoop {
            guard !self.isClosed else { return }
            self.markClosed()
            switch self.sink {
            case .events(let exchange, _): exchange.endStream()
            case .lines(let channel): channel.close()
            }
        }
    }
}
