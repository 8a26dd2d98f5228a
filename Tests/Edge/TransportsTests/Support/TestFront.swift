import Sessions
import Synchronization

/// A front that keeps what it was asked and answers as a test says.
final class TestFront: HTTPFront {
    typealias Answering = @Sendable (HTTPRequest, any HTTPExchange) -> Void

    private let log: FrontLog
    private let answering: Answering

    init(_ log: FrontLog, _ answering: @escaping Answering) {
        self.log = log
        self.answering = answering
    }

    func received(_ request: HTTPRequest, _ exchange: any HTTPExchange) {
        log.received.withLock {
            $0.append("\(request.path) \(String(decoding: request.body, as: UTF8.self))")
        }
        answering(request, exchange)
    }

    func abandoned(_ exchange: any HTTPExchange) { log.abandoned.withLock { $0 += 1 } }

    func resumed(_ exchange: any HTTPExchange) {
        log.resumed.withLock { $0 += 1 }
        (exchange.attachment as? Filler)?.fill()
    }
}

/// What fronts of all loops heard.
final class FrontLog: Sendable {
    let received = Mutex<[String]>([])
    let abandoned = Mutex(0)
    let resumed = Mutex(0)
}

/// Writes events while the client keeps up.
final class Filler {
    private let exchange: any HTTPExchange
    private var left: Int
    private let event: [UInt8]
    private let sent: LockedBytes

    init(_ exchange: any HTTPExchange, events: Int, eventBytes: Int, sent: LockedBytes) {
        self.exchange = exchange
        left = events
        event = [UInt8](repeating: 0x61, count: eventBytes)
        self.sent = sent
    }

    func fill() {
        while left > 0, exchange.isWritable {
            left -= 1
            sent.append([0])
            exchange.event(name: nil, id: nil, retryMilliseconds: nil, data: event)
        }
        if left == 0 { exchange.endStream() }
    }
}
