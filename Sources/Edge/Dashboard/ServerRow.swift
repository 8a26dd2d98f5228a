/// One row of `attune ls servers`.
package struct ServerRow: Sendable {
    package var name: String
    /// Such as `idle`, `starting`, `up`, `degraded` or `down`.
    package var state: String
    /// `legacy` or `modern`; empty until the server was asked.
    package var era: String
    /// The protocol version in use with the server; empty until it was asked.
    package var version: String
    /// `stdio` or `http`.
    package var transport: String
    /// Of a stdio server that runs (of one of them, if clients have their own).
    package var processID: Int32?
    package var restarts: Int
    package var tools: Int
    package var lastError: String?
    /// When the state was entered, in microseconds since 1970.
    package var sinceMicroseconds: UInt64
    /// The last lines that the server wrote to its standard error, oldest first.
    package var standardError: [String]

    package init(
        name: String, state: String, era: String, version: String, transport: String, processID: Int32?,
        restarts: Int, tools: Int, lastError: String?, sinceMicroseconds: UInt64, standardError: [String]
    ) {
        self.name = name
        self.state = state
        self.era = era
        self.version = version
        self.transport = transport
        self.processID = processID
        self.restarts = restarts
        self.tools = tools
        self.lastError = lastError
        self.sinceMicroseconds = sinceMicroseconds
        self.standardError = standardError
    }
}
