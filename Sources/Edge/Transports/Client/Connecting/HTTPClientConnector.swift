import NIOCore
import NIOPosix
import NIOSSL

/// Opens connections from one loop to one endpoint, with TLS for `https`. Confined to its loop.
final class HTTPClientConnector {
    typealias Completion = HandshakeHandler.Completion

    let endpoint: HTTPEndpoint
    private let eventLoop: any EventLoop
    private let timeout: Duration
    private let tls: ClientTLS
    private let address: SocketAddress?
    /// Kept here so that only the first connection waits for another thread.
    private var settings: NIOSSLContext?

    init(_ endpoint: HTTPEndpoint, on eventLoop: any EventLoop, timeout: Duration, tls: ClientTLS) {
        self.endpoint = endpoint
        self.eventLoop = eventLoop
        self.timeout = timeout
        self.tls = tls
        // A name is resolved at each connect, so that a server may move.
        address = try? SocketAddress(ipAddress: endpoint.host, port: endpoint.port)
    }

    /// - Parameter completion: called once, later, on the loop.
    func connect(_ completion: @escaping Completion) {
        guard endpoint.isEncrypted else { return open(completion) }
        if let settings { return open(settings, completion) }
        NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { [tls] in try tls.context() }
            .assumeIsolated().whenComplete { [self] result in
                switch result {
                case .success(let made):
                    settings = made
                    open(made, completion)
                case .failure(let error): completion(.failure(problem(error)))
                }
            }
    }

    private func open(_ settings: NIOSSLContext, _ completion: @escaping Completion) {
        open { [self] result in
            switch result {
            case .success(let channel): secure(channel, settings, completion)
            case .failure(let problem): completion(.failure(problem))
            }
        }
    }

    private func open(_ completion: @escaping Completion) {
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(timeout))
            .channelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
        let future =
            if let address { bootstrap.connect(to: address) } else {
                bootstrap.connect(host: endpoint.host, port: endpoint.port)
            }
        future.assumeIsolated().whenComplete { [self] result in
            completion(result.mapError(problem))
        }
    }

    private func secure(
        _ channel: any Channel, _ settings: NIOSSLContext, _ completion: @escaping Completion
    ) {
        let handshake = HandshakeHandler(timeout: timeout, completion)
        do {
            let encryption = try NIOSSLClientHandler(context: settings, serverHostname: endpoint.serverName)
            let pipeline = channel.pipeline.syncOperations
            // The handshake begins when its handler is added, so the one that hears of it is there first.
            try pipeline.addHandler(handshake)
            try pipeline.addHandler(encryption, position: .first)
        } catch {
            handshake.finish(.failure(problem(error)))
            channel.close(promise: nil)
        }
    }

    private func problem(_ error: any Error) -> ConnectionProblem {
        ConnectionProblem(error, timeout: timeout)
    }
}
