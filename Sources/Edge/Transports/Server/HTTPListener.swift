import NIOCore
import NIOHTTP1
import NIOPosix
import Sessions

/// Listens on one address and spreads its connections over the loops.
package final class HTTPListener: Sendable {
    private typealias Service = NIOLoopBoundBox<HTTPService>

    private static let backlog: Int32 = 4096

    /// The port bound, which differs from the one asked for if that was 0.
    package let port: Int
    private let channel: any Channel
    private let services: [Service]
    private let loops: EventLoops
    private let gauge: ConnectionGauge

    private init(
        _ channel: any Channel, _ services: [Service], _ loops: EventLoops, _ gauge: ConnectionGauge,
        port: Int
    ) {
        self.channel = channel
        self.services = services
        self.loops = loops
        self.gauge = gauge
        self.port = port
    }

    /// - Parameters:
    ///   - host: an address or a name that resolves to one.
    ///   - allowedHosts: hosts to take besides `127.0.0.1:PORT` and `localhost:PORT`.
    ///   - allowedOrigins: origins to take besides `http://` and the allowed hosts.
    ///   - foreign: told of each request that named another host or origin, on the loops.
    ///   - front: makes the front of one loop; called once a loop, on it.
    /// - Throws: NIO's `IOError` with the errno of `bind`.
    package static func bind(
        host: String, port: Int, on loops: EventLoops, limits: HTTPServerLimits = HTTPServerLimits(),
        allowedHosts: [String] = [], allowedOrigins: [String] = [],
        foreign: @escaping @Sendable (ForeignRequest) -> Void = { _ in },
        front: @escaping @Sendable (any Loop) -> any HTTPFront
    ) async throws -> HTTPListener {
        let gauge = ConnectionGauge(limit: limits.maxConnections)
        var services: [Service] = []
        for loop in loops.all {
            let service = try await loop.eventLoop.submit {
                let rules = HostRules(port: port, extraHosts: allowedHosts, extraOrigins: allowedOrigins)
                return Service(
                    HTTPService(
                        front: front(loop), limits: limits, rules: rules, gauge: gauge, foreign: foreign),
                    eventLoop: loop.eventLoop)
            }.get()
            services.append(service)
        }
        let accepting = services
        let channel = try await ServerBootstrap(group: loops.group)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(ChannelOptions.backlog, value: backlog)
            .serverChannelOption(ChannelOptions.maxMessagesPerRead, value: 64)
            .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try accept(channel, loops, accepting, gauge)
                }
            }
            .bind(host: host, port: port).get()
        let bound = channel.localAddress?.port ?? port
        let listener = HTTPListener(channel, services, loops, gauge, port: bound)
        if bound != port {
            try await listener.allow(hosts: allowedHosts, origins: allowedOrigins)
        }
        return listener
    }

    private static func accept(
        _ channel: any Channel, _ loops: EventLoops, _ services: [Service], _ gauge: ConnectionGauge
    ) throws {
        guard let loop = loops.loop(of: channel.eventLoop) else {
            preconditionFailure("a channel runs on a loop of its group")
        }
        let service = services[loop.index].value
        let state = loop.state
        var parsing = NIOHTTPDecoderLimitConfiguration()
        parsing.maxHeaderFieldSize = service.limits.maxFieldBytes
        parsing.maxHeaderListSize = service.limits.maxHeadBytes
        parsing.maxHeaderFieldCount = service.limits.maxFields
        let decode = DecodeHandler(
            HTTPRequestDecoder(limitConfiguration: parsing), state, sliceBytes: 4096)
        try channel.setStreamOptions(state, highWaterBytes: service.limits.highWaterBytes, autoRead: false)
        let connection = HTTPServerConnection(service, decode, loop, state, isOneTooMany: !gauge.open())
        try channel.pipeline.syncOperations.addHandlers([decode, connection])
    }

    /// Replaces the allowed hosts and origins; connections that are open are judged by the new ones.
    package func allow(hosts: [String], origins: [String]) async throws {
        let rules = HostRules(port: port, extraHosts: hosts, extraOrigins: origins)
        for (loop, service) in zip(loops.all, services) {
            try await loop.run { _ in service.value.rules = rules }
        }
    }

    package var connectionCount: Int { gauge.openCount }

    /// Requests that the transport itself turned away, by HTTP status.
    package var refusals: [Int: Int] { gauge.refusals }

    package func stopAccepting() async {
        try? await channel.close()
    }

    /// Closes idle connections now and each other one after the answer under way.
    package func drain() async {
        for (loop, service) in zip(loops.all, services) {
            try? await loop.run { _ in service.value.drain() }
        }
    }

    /// Closes every connection now.
    package func closeAll() async {
        for (loop, service) in zip(loops.all, services) {
            try? await loop.run { _ in service.value.closeAll() }
        }
    }
}
