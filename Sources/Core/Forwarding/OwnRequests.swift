import Sessions

/// What the gateway's own requests carry, in the server's era.
extension UpstreamHeaders {
    static func own(_ method: Method, _ facts: ServerFacts) -> UpstreamHeaders {
        facts.era == .modern ? .modern(facts.version, method) : .session(facts)
    }
}

extension ModernMeta {
    /// Nil for a legacy server, which wants none.
    init?(for facts: ServerFacts, as identity: ClientIdentity) {
        guard facts.era == .modern else { return nil }
        self.init(identity: identity, version: facts.version)
    }
}
