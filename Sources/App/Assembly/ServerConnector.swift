import Configuration
import Forwarding
import Identifiers
import Processes
import Sessions
import Synchronization
import Telemetry
import Transports

/// Makes the connections to the configured servers, and gives each configuration of a server a number of its
/// own.
final class ServerConnector: Connector {
    private struct Shared {
        var next: UInt16 = 0
        var servers: [ServerID: ServerConfiguration] = [:]
        var endpoints: [ServerID: HTTPEndpoint] = [:]
        var gauges: [ServerID: PoolGauge] = [:]
    }

    private let shared = Mutex(Shared())
    private let limits: HTTPClientLimits
    private let lineLimits: LineLimits
    private let lifeline: Lifeline
    private let log: Log

    /// - Parameter memory: what messages in transit are counted in.
    init(_ configuration: GatewayConfiguration, memory: MemoryAccount, lifeline: Lifeline, log: Log) {
        var limits = HTTPClientLimits()
        limits.maxMessageBytes = configuration.memory.maxMessageBytes
        limits.highWaterBytes = configuration.core.messageBufferBytes
        limits.memory = memory
        self.limits = limits
        lineLimits = LineLimits(configuration, memory)
        self.lifeline = lifeline
        self.log = log
    }

    /// The number of a server as it is configured; a changed configuration gets another.
    func number(of server: ServerConfiguration) throws(StartFailure) -> ServerID {
        if let id = shared.withLock({ $0.servers.first { $0.value == server }?.key }) { return id }
        var endpoint: HTTPEndpoint?
        if let url = Self.first(server.upstream).url {
            do throws(HTTPEndpoint.Problem) {
                endpoint = try HTTPEndpoint(
                    url: url.url.value, headers: url.headers.map { ($0.name, $0.value.value) })
            } catch {
                throw .badServer(name: server.name, reason: "\(error)")
            }
        }
        return try shared.withLock { shared throws(StartFailure) in
            guard shared.next < .max else { throw StartFailure.tooManyServers }
            shared.next += 1
            let id = ServerID(shared.next)
            shared.servers[id] = server
            shared.endpoints[id] = endpoint
            if endpoint != nil { shared.gauges[id] = PoolGauge() }
            return id
        }
    }

    /// Until replica choice exists, the first replica stands for all.
    private static func first(
        _ upstream: ServerConfiguration.Upstream
    ) -> (command: Configuration.ServerCommand?, url: ServerURL?) {
        switch upstream {
        case .command(let command): return (command, nil)
        case .url(let url): return (nil, url)
        case .replicas(let replicas):
            return switch replicas.first {
            case .command(let command)?: (command, nil)
            case .url(let url)?: (nil, url)
            case nil: (nil, nil)
            }
        }
    }

    static func isProcess(_ server: ServerConfiguration) -> Bool { first(server.upstream).command != nil }

    /// Forgets servers that left the configuration.
    func keepOnly(_ ids: Set<ServerID>) {
        shared.withLock { shared in
            shared.servers = shared.servers.filter { ids.contains($0.key) }
            shared.endpoints = shared.endpoints.filter { ids.contains($0.key) }
            shared.gauges = shared.gauges.filter { ids.contains($0.key) }
        }
    }

    func httpUpstream(to server: ServerID, on loop: any Loop) -> any HTTPUpstream {
        let (endpoint, gauge) = shared.withLock { ($0.endpoints[server], $0.gauges[server]) }
        guard let loop = loop as? NIOLoop, let endpoint, let gauge else { return UnreachableUpstream() }
        return HTTPClientPool(endpoint, on: loop, limits: limits, gauge: gauge)
    }

    /// The connections to the servers over HTTP, in the order of their names.
    var pools: [(server: String, gauge: PoolGauge)] {
        let pools = shared.withLock { shared in
            shared.gauges.compactMap { id, gauge in shared.servers[id].map { ($0.name, gauge) } }
        }
        return pools.sorted { $0.0 < $1.0 }.map { (server: $0.0, gauge: $0.1) }
    }

    func launcher(of server: ServerID) -> any ProcessLauncher {
        let configuration = shared.withLock { $0.servers[server] }
        guard let configuration, let command = Self.first(configuration.upstream).command else {
            return ServerLauncher(
                Processes.ServerCommand(command: ""), limits: lineLimits, lifeline: lifeline, log: log)
        }
        let processed = Processes.ServerCommand(
            command: command.program.value, arguments: command.arguments.map(\.value),
            environment: command.environment.mapValues(\.value),
            workingDirectory: command.workingDirectory?.value)
        return ServerLauncher(
            processed, limits: lineLimits, lifeline: lifeline, log: log.server(configuration.name))
    }
}

/// Stands where a server has just left the configuration.
private final class UnreachableUpstream: HTTPUpstream {
    private final class NoExchange: UpstreamExchange {
        func cancel() {}
        func pauseReading(_ paused: Bool) {}
    }

    func post(
        _ body: [UInt8], _ headers: UpstreamHeaders, _ observer: any UpstreamObserver
    ) -> any UpstreamExchange {
        observer.failed(.unreachable("the server left the configuration"))
        return NoExchange()
    }

    func listen(_ headers: UpstreamHeaders, _ observer: any UpstreamObserver) -> any UpstreamExchange {
        post([], headers, observer)
    }

    func delete(_ headers: UpstreamHeaders) {}
    func retire() {}
}
