import NIOCore
import NIOHTTP1
import NIOPosix
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

    private let endpoint: HTTPEndpoint
    private let loop: NIOLoop
    private let state: LoopState
    private let address: SocketAddress?
    private var idle: [HTTPClientConnection] = []
    private var waiting: [HTTPClientExchange] = []
    /// Connections that are open or being opened.
    private(set) var openCount = 0

    /// - Parameter loop: the loop that the caller runs on.
    package init(
        _ endpoint: HTTPEndpoint, on loop: NIOLoop, limits: HTTPClientLimits = HTTPClientLimits()
    ) {
        self.endpoint = endpoint
        self.loop = loop
        self.limits = limits
        state = loop.state
        writer = RequestWriter(endpoint)
        // A name is resolved at each connect, so that a server may move.
        address = try? SocketAddress(ipAddress: endpoint.host, port: endpoint.port)
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
        } else {
            later { exchange.fail(.unreachable("too many requests wait for a connection")) }
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
        let bootstrap = ClientBootstrap(group: loop.eventLoop)
            .connectTimeout(TimeAmount(limits.connectTimeout))
            .channelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
        let future =
            if let address { bootstrap.connect(to: address) } else {
                bootstrap.connect(host: endpoint.host, port: endpoint.port)
            }
        future.assumeIsolated().whenComplete { [self] result in
            state.run { connected(result, exchange) }
        }
    }

    private func connected(_ result: Result<any Channel, any Error>, _ exchange: HTTPClientExchange) {
        do {
            let channel = try result.get()
            let connection = try adopt(channel)
            if tickIndex < 0 { state.startTicking(self) }
            if exchange.isWanted { connection.start(exchange) } else { release(connection) }
        } catch {
            openCount -= 1
            exchange.fail(.unreachable("\(error)"))
            startWaiting()
        }
    }

    private func adopt(_ channel: any Channel) throws -> HTTPClientConnection {
        var parsing = NIOHTTPDecoderLimitConfiguration()
        parsing.maxHeaderListSize = Self.maxHeadBytes
        let decode = DecodeHandler(
            HTTPResponseDecoder(limitConfiguration: parsing), state, sliceBytes: LoopState.readBytes)
        let connection = HTTPClientConnection(self, decode, state)
        try channel.setStreamOptions(state, highWaterBytes: limits.highWaterBytes, autoRead: false)
        try channel.pipeline.syncOperations.addHandlers([decode, connection])
        return connection
    }

    /// Takes back a connection whose answer is complete.
    func release(_ connection: HTTPClientConnection) {
        while !waiting.isEmpty {
            let exchange = waiting.removeFirst()
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

    private func startWaiting() {
        while !waiting.isEmpty, openCount < limits.maxConnections {
            let exchange = waiting.removeFirst()
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
