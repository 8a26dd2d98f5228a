/// How the gateway is.
package struct GatewayStatus: Sendable {
    package var readiness: Readiness
    /// Such as `http://127.0.0.1:7420/mcp`.
    package var mcpURL: String
    package var adminURL: String
    package var serversUp: Int
    package var serversTotal: Int
    package var version: String
    /// `off` while no learner is configured.
    package var learnerState: String
    /// The file that the configuration came from.
    package var configurationFile: String
    /// The local socket that `attune connect` uses; empty without one.
    package var socketPath: String

    package init(
        readiness: Readiness, mcpURL: String, adminURL: String, serversUp: Int, serversTotal: Int,
        version: String, learnerState: String, configurationFile: String,
        socketPath: String
    ) {
        self.readiness = readiness
        self.mcpURL = mcpURL
        self.adminURL = adminURL
        self.serversUp = serversUp
        self.serversTotal = serversTotal
        self.version = version
        self.learnerState = learnerState
        self.configurationFile = configurationFile
        self.socketPath = socketPath
    }
}
