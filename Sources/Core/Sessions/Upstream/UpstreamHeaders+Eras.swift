import Wire

/// The header fields that each era wants on a request to a server.
extension UpstreamHeaders {
    /// A legacy server's: the session's id, and the revision from 2025-06-18 on.
    package static func legacy(_ version: ProtocolVersion, sessionID: String?) -> UpstreamHeaders {
        UpstreamHeaders(
            sessionID: sessionID, protocolVersion: version.sendsVersionHeader ? version.text : nil)
    }

    /// A modern server's: the revision, the method, what the request is about, and annotated arguments.
    /// - Parameters:
    ///   - target: the unescaped name, URI or task id as it stands in the body that is sent.
    ///   - parameters: what `ParameterHeaders.fields` gives for the arguments.
    package static func modern(
        _ version: ProtocolVersion, _ method: Method, target: String? = nil,
        parameters: [(name: String, value: String)] = []
    ) -> UpstreamHeaders {
        modern(version, methodName: method.text, target: target, parameters: parameters)
    }

    /// The same for a method that no known revision defines.
    package static func modern(
        _ version: ProtocolVersion, methodName: String, target: String? = nil,
        parameters: [(name: String, value: String)] = []
    ) -> UpstreamHeaders {
        UpstreamHeaders(
            protocolVersion: version.text, mcpMethod: methodName,
            mcpName: target.map { HeaderValue.encode($0) }, mcpParameters: parameters)
    }

    /// The fields of everything that is sent in an open legacy session.
    /// - Parameter lastEventID: where an earlier stream ended that is to go on; nil for anything else.
    package static func session(_ facts: ServerFacts, after lastEventID: String? = nil) -> UpstreamHeaders {
        var headers = legacy(facts.version, sessionID: facts.sessionID)
        headers.lastEventID = lastEventID
        return headers
    }

    /// The longest session id that is taken from a server.
    package static let maxSessionIDBytes = 1024

    /// Whether `text` is visible ASCII of a sensible length (2025-03-26, basic/transports, session
    /// management).
    package static func isSessionID(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= maxSessionIDBytes
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
