import NIOCore
import NIOHTTP1
import Sessions

/// Keep-alive connections from one loop to one server. Confined to its loop, on which it is also made.
///
/// The connection used last is used next, so that those above the need grow idle and are closed.
package final class HTTPClientPool: HTTPUpstream {
    private static let maxHeadBytes = 256 * 1024

    let writer: RequestWriter
    let limits: HTTPClientLimits
    var tickIndex = -1
    private(set) var isRetired = false

    private let loop: NIOLoop
    private let state: LoopState
    private let connector: HTTPClientConnector
    private var idle: [HTTPClientConnection] = []
    private var waiting = CircularBuffer<HTTPClientExchange>()
    private let gauge: PoolGauge
    /// Connections that are open or being opened.
    private(set) var openCount = 0 {
        didSet { gauge.opened(openCount - oldValue) }
    }

    /// - Parameters:
    ///   - loop: the loop that the caller runs on.
    ///   - tls: whom to trust, if the endpoint is `https`.
    ///   - gauge: counts the connections of the server's pools on all loops.
    package init(
        _ endpoint: HTTPEndpoint, on loop: NIOLoop, limits: HTTPClientLimits = HTTPClientLimits(),
        tls: ClientTLS = .system, gauge: PoolGauge = PoolGauge()
    ) {
        self.gauge = gauge
        self.loop = loop
        self.limits = limits
        state = loop.state
        writer = RequestWriter(endpoint)
        connector = HTTPClientConnector(
            endpoint, on: loop.eventLoop, timeout: limits.connectTimeout, tls: tls)
    }

    package func post(
        _ body: [UInt8], _ headers: UpstreamHeaders, _ observer: any UpstreamObserver
    ) -> any UpstreamExchange {
        begin(HTTPClientExchange(.post, body, headers, observer))
    }

    package func listen(_ headers: UpstreamHeaders, _ observer: any UpstreamObserver) -> any UpstreamExchange
    {
        begin(HTTPClientExchange(.listen, [], headers, observer))
    }

    package func delete(_ headers: UpstreamHeaders) {
        _ = begin(HTTPClientExchange(.delete, [], headers, DeafObserver()))
    }

    package func retire() {
        isRetired = true
        for connection in idle { connection.close() }
        idle = []
    }

    private func begin(_ exchange: HTTPClientExchange) -> HTTPClientExchange {
        if let connection = idle.popLast() {
            connection.start(exchange)
        } else if isRetired {
            later { exchange.fail(.unreachable("the server was removed")) }
        } else if openCount < limits.maxConnections {
            connect(exchange)
        } else if waiting.count < limits.maxWaiting {
            waiting.append(exchange)
            gauge.waits(1)
        } else {
            later { exchange.fail(.noConnectionFree) }
        }
        return exchange
    }

    /// Runs `body` after the current work, for observers that must not hear before `post` returns.
    func later(_ body: @escaping () -> Void) {
        loop.eventLoop.assumeIsolated().execute { [state] in state.run(body) }
    }

    // MARK: Connections

    private func connect(_ exchange: HTTPClientExchange) {
        openCount += 1
        connector.connect { [self] result in
            state.run { connected(result, exchange) }
        }
    }

    private func connected(_ result: Result<any Channel, ConnectionProblem>, _ exchange: HTTPClientExchange) {
        do {
            let connection = try adopt(try result.get())
            if tickIndex < 0 { state.startTicking(self) }
            if exchange.isWanted { connection.start(exchange) } else { release(connection) }
        } catch {
            openCount -= 1
            let problem = ConnectionProblem(error, timeout: limits.connectTimeout)
            exchange.fail(.unreachable(problem.text))
            startWaiting()
        }
    }

    private func adopt(_ channel: any Channel) throws -> HTTPClientConnection {
        var parsing = NIOHTTPDecoderLimitConfiguration()
        parsing.maxHeaderListSize = Self.maxHeadBytes
        let decode = DecodeHandler(
            HTTPResponseDecoder(limitConfiguration: parsing), state, sliceBytes: LoopState.readBytes)
        let connection = HTTPClientConnection(self, decode, state)
        try channel.setStreamOptions(
            state, highWaterBytes: limits.highWaterBytes, autoRead: false,
            sharesReadBuffer: !connector.endpoint.isEncrypted)
        try channel.pipeline.syncOperations.addHandlers([decode, connection])
        return connection
    }

    /// Takes back a connection whose answer is complete.
    func release(_ connection: HTTPClientConnection) {
        while !waiting.isEmpty {
            let exchange = takeWaiting()
            if exchange.isWanted { return connection.start(exchange) }
        }
        if isRetired { connection.close() } else { idle.append(connection) }
    }

    func closed(_ connection: HTTPClientConnection) {
        openCount -= 1
        if let index = idle.lastIndex(where: { $0 === connection }) { idle.remove(at: index) }
        if openCount == 0 { state.stopTicking(self) }
        startWaiting()
    }

    private func takeWaiting() -> HTTPClientExchange {
        gauge.waits(-1)
        return waiting.removeFirst()
    }

    private func startWaiting() {
        while !waiting.isEmpty, openCount < limits.maxConnections {
            let exchange = takeWaiting()
            if exchange.isWanted { connect(exchange) }
        }
    }
}

extension HTTPClientPool: Ticking {
    /// Closes what has been idle for too long: the front of the list, which was used longest ago.
    func tick(_ now: UInt32) {
        while let oldest = idle.first, now &- oldest.idleSince > limits.idleSeconds {
            idle.removeFirst()
            oldest.close()
        }
    }
}

/// Hears of an answer that nobody waits for.
private final class DeafObserver: UpstreamObserver {
    func head(_ head: UpstreamHead) {}
    func message(_ bytes: [UInt8], eventID: String?) {}
    func ended() {}
    func failed(_ failure: UpstreamFailure) {}
}
