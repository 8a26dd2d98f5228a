/// `[core]`: where the gateway listens and the limits of the data plane.
package struct CoreConfiguration: Sendable, Equatable {
    /// How the failure of a call (deadline, open circuit, dead server) is told to the client.
    package enum ToolFailures: String, Sendable, CaseIterable {
        /// A tool result with `isError: true`, which the model reads.
        case result
        /// A JSON-RPC error.
        case error
    }

    /// The address of MCP.
    package var listen = ListenAddress(host: "127.0.0.1", port: 7420)
    /// The address of health, metrics, the admin interface and the dashboard.
    package var admin = ListenAddress(host: "127.0.0.1", port: 7421)
    /// The number of event loops.
    package var threads: Int
    /// The largest number of client sockets at a time.
    package var maxConnections = 16_384
    /// The high-water mark of a connection's buffers.
    package var messageBufferBytes = 1 << 20
    /// The state table's share of the shared memory.
    package var stateCacheBytes: Int
    /// How long a call may take, unless its server says otherwise.
    package var requestTimeout = Duration.milliseconds(60_000)
    /// How long calls in flight may finish while the gateway stops.
    package var drainTimeout = Duration.milliseconds(10_000)
    package var toolFailures = ToolFailures.result

    package init(threads: Int, stateCacheBytes: Int) {
        self.threads = threads
        self.stateCacheBytes = stateCacheBytes
    }
}
