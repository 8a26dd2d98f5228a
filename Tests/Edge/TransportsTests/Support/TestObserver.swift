import Sessions
import Synchronization

/// Hands what an upstream says to a test, as lines of text.
final class TestObserver: UpstreamObserver, Sendable {
    private let continuation: AsyncStream<String>.Continuation
    let words: AsyncStream<String>
    private let heard = Mutex<[String]>([])
    private let over: AsyncStream<Void>
    private let end: AsyncStream<Void>.Continuation
    /// The failure's text, if it has one.
    private let failure = Mutex("")
    private let isEnded = Mutex(false)
    var reason: String { failure.withLock { $0 } }
    /// The answer was whole, and heard to its end.
    var hasEnded: Bool { isEnded.withLock { $0 } }

    init() {
        (words, continuation) = AsyncStream.makeStream(of: String.self)
        (over, end) = AsyncStream.makeStream(of: Void.self)
    }

    private func hear(_ word: String) {
        heard.withLock { $0.append(word) }
        continuation.yield(word)
    }

    func head(_ head: UpstreamHead) {
        let session = head.sessionID.map { " session \($0)" } ?? ""
        let retry = head.retryAfterSeconds.map { " retry \($0)" } ?? ""
        hear("head \(head.status) \(head.content)\(session)\(retry)")
    }

    func message(_ bytes: [UInt8], eventID: String?) {
        let id = eventID.map { " id \($0)" } ?? ""
        let text = bytes.count > 100 ? "\(bytes.count) bytes" : String(decoding: bytes, as: UTF8.self)
        hear("message \(text)\(id)")
    }

    func retry(milliseconds: Int) { hear("retry \(milliseconds)") }

    func ended() {
        isEnded.withLock { $0 = true }
        hear("ended")
        stop()
    }

    func failed(_ failure: UpstreamFailure) {
        let (name, reason) =
            switch failure {
            case .unreachable(let reason): ("unreachable", reason)
            case .noConnectionFree: ("no connection free", "")
            case .broken(let reason): ("broken", reason)
            case .messageTooLarge: ("too large", "")
            case .malformed(let reason): ("malformed", reason)
            }
        self.failure.withLock { $0 = reason }
        hear("failed \(name)")
        stop()
    }

    /// Ends the words, for a request that is given up.
    func stop() {
        continuation.finish()
        end.finish()
    }

    /// What was heard, once it is over: one wait, since one a word is thousands on a busy machine.
    func all() async -> [String] {
        for await _ in over {}
        return heard.withLock { $0 }
    }
}
