/// Pooled keep-alive connections from one loop to one MCP server over HTTP. Confined to its loop.
package protocol HTTPUpstream: AnyObject {
    /// Sends one JSON-RPC message; the observer hears of the answer on the same loop, never before `post`
    /// returns.
    func post(
        _ body: [UInt8], _ headers: UpstreamHeaders, _ observer: any UpstreamObserver
    ) -> any UpstreamExchange
    /// Opens the server's event stream (GET), for the legacy eras.
    func listen(_ headers: UpstreamHeaders, _ observer: any UpstreamObserver) -> any UpstreamExchange
    /// Ends a session (DELETE), for the legacy eras; the answer is not awaited.
    func delete(_ headers: UpstreamHeaders)
    /// Closes idle connections now and busy ones when their answers have come.
    func retire()
}

/// The MCP header fields of a request to a server; the configured `headers` of the endpoint are added to
/// them.
package struct UpstreamHeaders: Sendable {
    package var sessionID: String?
    package var protocolVersion: String?
    package var mcpMethod: String?
    package var mcpName: String?
    package var mcpParameters: [(name: String, value: String)]
    package var lastEventID: String?

    package init(
        sessionID: String? = nil, protocolVersion: String? = nil, mcpMethod: String? = nil,
        mcpName: String? = nil, mcpParameters: [(name: String, value: String)] = [],
        lastEventID: String? = nil
    ) {
        self.sessionID = sessionID
        self.protocolVersion = protocolVersion
        self.mcpMethod = mcpMethod
        self.mcpName = mcpName
        self.mcpParameters = mcpParameters
        self.lastEventID = lastEventID
    }
}

/// A request under way to a server.
package protocol UpstreamExchange: AnyObject {
    /// Gives the request up: its connection is closed and the observer hears nothing more.
    func cancel()
    /// Stops (true) or resumes reading the answer.
    func pauseReading(_ paused: Bool)
}

package struct UpstreamHead: Sendable {
    package enum Content: Sendable { case json, eventStream, other, none }

    package var status: Int
    package var content: Content
    /// `Mcp-Session-Id`.
    package var sessionID: String?
    package var retryAfterSeconds: Int?

    package init(status: Int, content: Content, sessionID: String?, retryAfterSeconds: Int?) {
        self.status = status
        self.content = content
        self.sessionID = sessionID
        self.retryAfterSeconds = retryAfterSeconds
    }
}

package enum UpstreamFailure: Error, Sendable, Equatable {
    /// No connection came about, so the server did not see the request.
    case unreachable(String)
    /// All connections are busy and too many requests wait for one, so the server did not see the request;
    /// this says nothing about the server.
    case noConnectionFree
    /// The connection broke before the answer was whole.
    case broken(String)
    /// The answer, or one event of it, exceeded the largest message.
    case messageTooLarge
    /// The server does not speak HTTP as RFC 9112 says.
    case malformed(String)
}

/// Hears of one request's answer: `head`, then any number of `message`, then `ended` or `failed`; or `failed`
/// at once.
package protocol UpstreamObserver: AnyObject {
    func head(_ head: UpstreamHead)
    /// The whole body of an `application/json` (or any other) answer, or the data of one server-sent event.
    /// - Parameter eventID: the event's id, if it has one.
    func message(_ bytes: [UInt8], eventID: String?)
    /// The event stream's `retry` field: how long to wait before such a stream is opened again. May come
    /// more than once.
    func retry(milliseconds: Int)
    func ended()
    func failed(_ failure: UpstreamFailure)
}

extension UpstreamObserver {
    /// Most answers are not asked for again.
    package func retry(milliseconds: Int) {}
}
