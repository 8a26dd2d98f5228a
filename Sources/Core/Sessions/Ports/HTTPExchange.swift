/// The way back to one HTTP request's client. Confined to the loop of the client's connection.
///
/// Either `answer` is called once, or `beginStream` once, `event` and `comment` any number of times and
/// `endStream` once. After the client has gone every call is ignored.
package protocol HTTPExchange: AnyObject {
    /// The loop of the client's connection.
    var loop: any Loop { get }
    /// Whatever the front keeps with the exchange; nil at first.
    var attachment: AnyObject? { get set }
    /// False while more than the high-water mark of bytes waits for the client to read.
    var isWritable: Bool { get }
    func answer(_ answer: HTTPAnswer)
    /// Sends the head of an event stream (`text/event-stream`, status 200, `X-Accel-Buffering: no`).
    func beginStream(_ headers: HTTPAnswer.Headers)
    /// Sends one server-sent event. Line ends inside `data` are framed as the format demands.
    func event(name: StaticString?, id: String?, retryMilliseconds: Int?, data: [UInt8])
    /// Sends a comment line that keeps the connection alive.
    func comment(_ text: StaticString)
    func endStream()
}

/// An HTTP answer with a whole body.
package struct HTTPAnswer: Sendable {
    package enum Content: Sendable { case none, json, text, html, prometheus, javascript, css, svg }

    package struct Headers: Sendable {
        /// `Attune-Call-Id`.
        package var callID: String?
        /// `Mcp-Session-Id`.
        package var sessionID: String?
        /// `Retry-After`, in seconds.
        package var retryAfterSeconds: Int?
        /// `Allow`.
        package var allow: StaticString?
        /// `WWW-Authenticate`.
        package var challenge: String?

        package init(callID: String? = nil, sessionID: String? = nil) {
            self.callID = callID
            self.sessionID = sessionID
        }
    }

    package var status: Int
    package var headers: Headers
    package var content: Content
    package var body: [UInt8]
    /// Close the connection after this answer.
    package var closes: Bool

    package init(
        status: Int, headers: Headers = Headers(), content: Content = .none, body: [UInt8] = [],
        closes: Bool = false
    ) {
        self.status = status
        self.headers = headers
        self.content = content
        self.body = body
        self.closes = closes
    }
}

/// Takes HTTP requests from a listener; one instance a loop, confined to it.
package protocol HTTPFront: AnyObject {
    func received(_ request: HTTPRequest, _ exchange: any HTTPExchange)
    /// The client's connection closed before the exchange ended.
    func abandoned(_ exchange: any HTTPExchange)
    /// The client reads again: `isWritable` went back to true.
    func resumed(_ exchange: any HTTPExchange)
}
