import Configuration
import Forwarding
import Routing
import Telemetry

extension GatewayPlan {
    /// The part of a configuration that forwarding needs.
    init(_ configuration: GatewayConfiguration, _ connector: ServerConnector) throws(StartFailure) {
        var servers: [ServerPlan] = []
        for server in configuration.servers {
            let timeout = server.timeout ?? configuration.core.requestTimeout
            servers.append(
                ServerPlan(
                    rules: ServerRules(
                        id: try connector.number(of: server), name: server.name,
                        filter: ToolFilter(
                            allow: server.allow.map { Glob($0) }, deny: server.deny.map { Glob($0) }),
                        renames: server.rename),
                    transport: ServerConnector.isProcess(server) ? .process : .http,
                    isShared: server.sharing == .shared,
                    advice: Advice(
                        deadlineMilliseconds: timeout.milliseconds, concurrencyLimit: server.maxConcurrency,
                        queueBound: server.queueCapacity, maxAttempts: Advice.standard.maxAttempts),
                    prewarm: server.prewarm ? 1 : 0))
        }
        self.init(
            servers: servers,
            profiles: configuration.profiles.map {
                Profile(name: $0.name, servers: $0.servers, tools: $0.tools.map { Glob($0) })
            },
            failuresAreErrors: configuration.core.toolFailures == .error,
            maxMessageBytes: configuration.memory.maxMessageBytes, version: GatewayVersion.text)
        access = AccessPlan(configuration.security)
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds) &* 1000 &+ Int(attoseconds / 1_000_000_000_000_000)
    }
}
