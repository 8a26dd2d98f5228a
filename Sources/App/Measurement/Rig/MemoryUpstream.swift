import Forwarding
import Identifiers
import Sessions

/// The way to servers in memory: answers are worked out at once and delivered when `deliver` is called.
final class MemoryUpstream: HTTPUpstream, Connector, @unchecked Sendable {
    // Proof of Sendable: made, used and dropped by the one thread that measures.
    private final class NoExchange: UpstreamExchange {
        func cancel() {}
        func pauseReading(_ paused: Bool) {}
    }

    private let server: MemoryServer
    private let exchange = NoExchange()
    private var due: [(answer: MemoryServer.Answer, observer: any UpstreamObserver)] = []

    init(_ server: MemoryServer) { self.server = server }

    func post(
        _ body: [UInt8], _ headers: UpstreamHeaders, _ observer: any UpstreamObserver
    ) -> any UpstreamExchange {
        due.append((server.answer(body), observer))
        return exchange
    }

    func listen(_ headers: UpstreamHeaders, _ observer: any UpstreamObserver) -> any UpstreamExchange {
        exchange
    }

    func delete(_ headers: UpstreamHeaders) {}
    func retire() {}

    /// - Returns: whether there was anything to deliver.
    @discardableResult
    func deliver() -> Bool {
        guard !due.isEmpty else { return false }
        while let (answer, observer) = due.popLast() {
            observer.head(answer.head)
            if !answer.body.isEmpty { observer.message(answer.body, eventID: nil) }
            observer.ended()
        }
        return true
    }

    // MARK: Connector

    func httpUpstream(to server: ServerID, on loop: any Loop) -> any HTTPUpstream { self }

    func launcher(of server: ServerID) -> any ProcessLauncher { NoLauncher() }

    private final class NoLauncher: ProcessLauncher {
        func launch(
            on loop: any Loop, receiver: any LineReceiver & Sendable,
            completion: @escaping @Sendable (Result<any ProcessChannel & Sendable, LaunchFailure>) -> Void
        ) {
            completion(.failure(.commandNotFound("")))
        }
    }
}
