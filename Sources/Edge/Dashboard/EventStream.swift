import Sessions
import Synchronization
import Telemetry

/// One client of `/api/v1/events`. Confined to its exchange's loop; only `buffer` is reached from elsewhere.
///
/// Events are gathered and sent every `interval`, so that a busy gateway costs its watchers, and they it,
/// little. While the client does not read, the oldest of what waits is kept and the rest is dropped and
/// counted.
final class EventStream {
    static let interval = Duration.milliseconds(500)
    /// A status is sent every so many intervals.
    private static let statusEvery = 4
    /// The browser's wait before it connects anew.
    private static let retryMilliseconds = 2000

    private let exchange: any HTTPExchange
    private let source: any AdminSource
    private let recorder: Recorder
    private let buffer: EventBuffer
    private let subscription: EventFanOut.Subscription
    private var timer: (any ScheduledWork)?
    private var turns = 0

    /// Begins the stream, or answers that there are too many. Called on the exchange's loop.
    static func begin(_ exchange: any HTTPExchange, source: any AdminSource, recorder: Recorder) {
        let buffer = EventBuffer()
        guard let subscription = recorder.events.subscribe({ buffer.append($0) }) else {
            let message = "too many clients watch already (\(EventFanOut.subscriberLimit)); close one"
            exchange.answer(AdminAnswer.error(503, "too_many_watchers", message))
            return
        }
        exchange.beginStream(HTTPAnswer.Headers())
        let stream = EventStream(exchange, source, recorder, buffer, subscription)
        exchange.attachment = stream
        stream.turn()
    }

    private init(
        _ exchange: any HTTPExchange, _ source: any AdminSource, _ recorder: Recorder, _ buffer: EventBuffer,
        _ subscription: EventFanOut.Subscription
    ) {
        self.exchange = exchange
        self.source = source
        self.recorder = recorder
        self.buffer = buffer
        self.subscription = subscription
    }

    func stop() {
        recorder.events.cancel(subscription)
        timer?.cancel()
        timer = nil
    }

    private func turn() {
        if exchange.isWritable {
            if turns.isMultiple(of: Self.statusEvery) { sendStatus() }
            turns &+= 1
            sendEvents()
        }
        let this = LoopBound(self, on: exchange.loop)
        timer = exchange.loop.schedule(after: Self.interval) { this.use { $0.turnIfRunning() } }
    }

    private func turnIfRunning() {
        if timer != nil { turn() }
    }

    private func sendStatus() {
        send("status", AdminJSON.status(source.status(), recorder.metrics))
    }

    private func sendEvents() {
        let (calls, changes, lost) = buffer.take()
        if !calls.isEmpty || lost > 0 {
            send(
                "calls",
                AdminJSON.object { json in
                    json.key("items")
                    json.beginArray()
                    for call in calls.reversed() { AdminJSON.write(call, &json) }
                    json.endArray()
                    json.field("lost", lost)
                })
        }
        for change in changes { send("change", change) }
        if !changes.isEmpty { sendStatus() }
    }

    private func send(_ name: StaticString, _ data: [UInt8]) {
        exchange.event(name: name, id: nil, retryMilliseconds: Self.retryMilliseconds, data: data)
    }
}
