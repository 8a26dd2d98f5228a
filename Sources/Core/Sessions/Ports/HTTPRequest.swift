import Identifiers

/// A client's whole HTTP request, after the transport has checked framing, Host, Origin and size.
package struct HTTPRequest: Sendable {
    package enum Verb: Sendable { case get, post, delete, options, head, other }

    package var verb: Verb
    /// The target's path, raw (not percent-decoded), without the query.
    package var path: String
    /// The target's query without `?`; empty if absent.
    package var query: String
    package var headers: Headers
    package var body: [UInt8]
    /// Who sent it, once the gateway has found out.
    package var principal = Principal.anonymous

    /// The header fields that the gateway reads; values are trimmed of surrounding white space.
    package struct Headers: Sendable {
        package var sessionID: String?
        package var protocolVersion: String?
        package var mcpMethod: String?
        package var mcpName: String?
        /// `Mcp-Param-*` fields: the part of the name after the prefix, as sent, and the value.
        package var mcpParameters: [(name: String, value: String)] = []
        package var lastEventID: String?
        package var authorization: String?
        /// nil if there is no `Accept` field.
        package var accept: String?
        package var contentType: String?

        package init() {}
    }

    package init(verb: Verb, path: String, query: String, headers: Headers, body: [UInt8]) {
        self.verb = verb
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
    }
}
