/// `[servers.NAME]`: one MCP server behind the gateway.
package struct ServerConfiguration: Sendable, Equatable {
    /// Whether the annotations of the server's tools (read-only, idempotent) are believed.
    package enum Trust: String, Sendable, CaseIterable { case untrusted, annotations }

    /// Whether a stdio server of the legacy era has one process for each client session or one for all.
    package enum Sharing: String, Sendable, CaseIterable { case client, shared }

    /// How the server is reached.
    package enum Upstream: Sendable, Equatable {
        case command(ServerCommand)
        case url(ServerURL)
        /// Several copies that do the same; at least one.
        case replicas([Replica])
    }

    /// One copy of a server: the address of an HTTP server, or a command line that starts one.
    package enum Replica: Sendable, Equatable {
        case url(ServerURL)
        case command(ServerCommand)
    }

    /// `[a-z0-9][a-z0-9-]{0,23}`: the prefix of its tools and the last part of its address.
    package var name: String
    package var upstream: Upstream
    /// How long a call to this server may take; nil takes `[core] request_timeout_ms`.
    package var timeout: Duration?
    /// The largest number of calls at this server at a time.
    package var maxConcurrency = 64
    /// The largest number of calls that wait for their turn.
    package var queueCapacity = 1024
    package var trust = Trust.untrusted
    package var sharing = Sharing.client
    /// Whether the server is started (or connected) with the gateway rather than by the first call.
    package var prewarm = false
    /// Globs over the server's own tool names; a tool is shown when one matches. Empty: all.
    package var allow: [String] = []
    /// Globs over the server's own tool names; a tool is hidden when one matches, even an allowed one.
    package var deny: [String] = []
    /// The server's own tool name to the name shown after the prefix.
    package var rename: [String: String] = [:]

    /// What principals with credentials of their own show the server.
    package var principals: [PrincipalCredentials] = []

    package init(name: String, upstream: Upstream) {
        self.name = name
        self.upstream = upstream
    }

    /// The command of a stdio server; nil for an HTTP server and for replicas.
    package var command: ServerCommand? {
        if case .command(let command) = upstream { command } else { nil }
    }

    /// The address of an HTTP server; nil for a stdio server and for replicas.
    package var url: ServerURL? {
        if case .url(let url) = upstream { url } else { nil }
    }
}
