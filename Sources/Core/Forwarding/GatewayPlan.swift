import Identifiers
import Routing
import Sessions
import Wire

/// What the gateway is to do: the part of the configuration that forwarding needs, checked and complete.
package struct GatewayPlan: Sendable {
    /// In the order of the configuration, which is the order of every list.
    package var servers: [ServerPlan]
    package var profiles: [Profile]
    /// Servers as some principals use them: with credentials of their own.
    package var variants: [ServerVariant] = []
    /// True if failures of a call are JSON-RPC errors rather than tool results with `isError`.
    package var failuresAreErrors: Bool
    package var maxMessageBytes: Int
    /// Who may use the gateway.
    package var access = AccessPlan()
    /// The gateway's own version, for `clientInfo` and `serverInfo`.
    package var version: String

    package init(
        servers: [ServerPlan], profiles: [Profile], failuresAreErrors: Bool, maxMessageBytes: Int,
        version: String
    ) {
        self.servers = servers
        self.profiles = profiles
        self.failuresAreErrors = failuresAreErrors
        self.maxMessageBytes = maxMessageBytes
        self.version = version
    }

    package var scanLimits: ScanLimits {
        var limits = ScanLimits.standard
        limits.maxBytes = maxMessageBytes
        return limits
    }
}

/// One configured server.
package struct ServerPlan: Sendable, Hashable {
    package enum Transport: Sendable { case http, process }

    package var rules: ServerRules
    package var transport: Transport
    /// True if one process may serve all clients of a legacy server.
    package var isShared: Bool
    package var advice: Advice
    /// How many processes are started ahead of the clients that will use them.
    package var prewarm: Int

    package var id: ServerID { rules.id }
    package var name: String { rules.name }

    /// What makes it another server if it changes: all but the numbers, which change at any time.
    var withoutAdvice: ServerPlan {
        var plan = self
        plan.advice = .standard
        return plan
    }

    package init(rules: ServerRules, transport: Transport, isShared: Bool, advice: Advice, prewarm: Int) {
        self.rules = rules
        self.transport = transport
        self.isShared = isShared
        self.advice = advice
        self.prewarm = prewarm
    }
}

/// Makes the connections to servers; implemented where the transports are known.
package protocol Connector: AnyObject, Sendable {
    /// The pool of connections to `server` from `loop`, made new at each call; called once a loop and server.
    func httpUpstream(to server: ServerID, on loop: any Loop) -> any HTTPUpstream
    func launcher(of server: ServerID) -> any ProcessLauncher
}
