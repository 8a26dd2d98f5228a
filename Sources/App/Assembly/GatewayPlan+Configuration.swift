import Configuration
import Forwarding
import Identifiers
import Routing
import Telemetry

extension GatewayPlan {
    /// The part of a configuration that forwarding needs.
    init(_ configuration: GatewayConfiguration, _ connector: ServerConnector) throws(StartFailure) {
        var servers: [ServerPlan] = []
        var variants: [ServerVariant] = []
        for server in configuration.servers {
            let plan = try ServerPlan(server.withoutPrincipals, configuration.core, connector)
            servers.append(plan)
            for credentials in server.principals {
                let own = try ServerPlan(server.with(credentials), configuration.core, connector)
                variants.append(
                    ServerVariant(of: plan.id, for: Principal(credentials.principal), plan: own))
            }
        }
        self.init(
            servers: servers,
            profiles: configuration.profiles.map {
                Profile(name: $0.name, servers: $0.servers, tools: $0.tools.map { Glob($0) })
            },
            failuresAreErrors: configuration.core.toolFailures == .error,
            maxMessageBytes: configuration.memory.maxMessageBytes, version: GatewayVersion.text)
        access = AccessPlan(configuration.security)
        self.variants = variants
    }

    /// The numbers of all servers and variants.
    var serverIDs: Set<ServerID> { Set(servers.map(\.id) + variants.map(\.plan.id)) }
}

extension ServerPlan {
    fileprivate init(
        _ server: ServerConfiguration, _ core: CoreConfiguration, _ connector: ServerConnector
    ) throws(StartFailure) {
        let timeout = server.timeout ?? core.requestTimeout
        self.init(
            rules: ServerRules(
                id: try connector.number(of: server), name: server.name,
                filter: ToolFilter(allow: server.allow.map { Glob($0) }, deny: server.deny.map { Glob($0) }),
                renames: server.rename),
            transport: ServerConnector.isProcess(server) ? .process : .http,
            isShared: server.sharing == .shared,
            advice: Advice(
                deadlineMilliseconds: timeout.milliseconds, concurrencyLimit: server.maxConcurrency,
                queueBound: server.queueCapacity, maxAttempts: Advice.standard.maxAttempts),
            prewarm: server.prewarm ? 1 : 0)
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds) &* 1000 &+ Int(attoseconds / 1_000_000_000_000_000)
    }
}
