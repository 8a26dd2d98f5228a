/// `[servers.NAME.principals.PRINCIPAL]`: what a server is shown when it works for this principal.
package struct PrincipalCredentials: Sendable, Equatable {
    package var principal: String
    /// Instead of, or beside, the server's headers.
    package var headers: [ServerURL.Header]
    /// Instead of, or beside, the variables of the server's command.
    package var environment: [String: ExpandedText]

    package init(
        principal: String, headers: [ServerURL.Header] = [], environment: [String: ExpandedText] = [:]
    ) {
        self.principal = principal
        self.headers = headers
        self.environment = environment
    }
}

extension ServerConfiguration {
    /// The server as those use it who have no credentials of their own.
    package var withoutPrincipals: ServerConfiguration {
        var server = self
        server.principals = []
        return server
    }

    /// The server as the principal uses it: equal to no other principal's, even with the same credentials.
    package func with(_ credentials: PrincipalCredentials) -> ServerConfiguration {
        var server = self
        server.principals = [credentials]
        switch upstream {
        case .url(let url): server.upstream = .url(url.with(credentials))
        case .command(let command): server.upstream = .command(command.with(credentials))
        case .replicas(let replicas):
            server.upstream = .replicas(
                replicas.map { replica in
                    switch replica {
                    case .url(let url): .url(url.with(credentials))
                    case .command(let command): .command(command.with(credentials))
                    }
                })
        }
        return server
    }
}

extension ServerURL {
    fileprivate func with(_ credentials: PrincipalCredentials) -> ServerURL {
        let replaced = Set(credentials.headers.map { $0.name.lowercased() })
        var url = self
        url.headers = headers.filter { !replaced.contains($0.name.lowercased()) } + credentials.headers
        return url
    }
}

extension ServerCommand {
    fileprivate func with(_ credentials: PrincipalCredentials) -> ServerCommand {
        var command = self
        command.environment.merge(credentials.environment) { $1 }
        return command
    }
}
