import NIOCore
import Sessions

/// One request to a server: what it sends, who hears of the answer, and the connection that carries it.
final class HTTPClientExchange: UpstreamExchange {
    let kind: RequestWriter.Kind
    let headers: UpstreamHeaders
    /// Empty once it is sent.
    private(set) var body: [UInt8]
    /// nil once the request is over or given up.
    private(set) var observer: (any UpstreamObserver)?
    var connection: HTTPClientConnection?
    private(set) var isPaused = false

    init(
        _ kind: RequestWriter.Kind, _ body: [UInt8], _ headers: UpstreamHeaders,
        _ observer: any UpstreamObserver
    ) {
        self.kind = kind
        self.body = body
        self.headers = headers
        self.observer = observer
    }

    /// True until the answer is whole, the request has failed or it is given up.
    var isWanted: Bool { observer != nil }

    func cancel() {
        observer = nil
        body = []
        connection?.close()
        connection = nil
    }

    func pauseReading(_ paused: Bool) {
        isPaused = paused
        connection?.setReading(!paused)
    }

    func takeBody() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &body)
        return taken
    }

    func end() {
        connection = nil
        observer.take()?.ended()
    }

    func fail(_ failure: UpstreamFailure) {
        connection = nil
        observer.take()?.failed(failure)
    }
}
