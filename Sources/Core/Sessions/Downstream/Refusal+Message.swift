extension Refusal {
    /// One sentence that says what is wrong and what the sender should do.
    package var message: String {
        switch self {
        case .invalidMessage: "The message is not JSON-RPC 2.0"
        case .batchNotAllowed(let version):
            version.map { "Revision \($0.text) has no batches: send one message at a time" }
                ?? "There are no batches here: send one message at a time"
        case .emptyBatch: "The batch is empty"
        case .batchTooLong(let limit): "The batch has more than \(limit) messages"
        case .initializeInBatch: "initialize must not be part of a batch"
        case .badVersionHeader(let text):
            "MCP-Protocol-Version '\(Self.shown(text))' is not supported; supported are "
                + ProtocolVersion.allText.joined(separator: ", ")
        case .notInitialized: "Send notifications/initialized before other requests"
        case .sessionIDMissing: "Mcp-Session-Id is missing: send initialize first"
        case .sessionUnknown: "The session has ended or never was: send initialize again"
        case .eventUnknown:
            "Last-Event-ID names no stream that can be resumed: what it answered is not kept any more"
        case .methodNotFound(let method, _): "Method not found: \(Self.shown(method))"
        case .badParameter(let name): "The parameter '\(name)' is missing or has the wrong type"
        case .headerMissing(let field): "The header field \(field.rawValue) is missing"
        case .headerMismatch(let field): "The header field \(field.rawValue) does not match the body"
        case .parameterHeaderMismatch(let name):
            "The header field Mcp-Param-\(Self.shown(name)) does not match the arguments"
        case .metaKeyMissing(let key): "params._meta lacks '\(key)'"
        case .metaKeyInvalid(let key): "params._meta has an invalid '\(key)'"
        case .unsupportedVersion: "Unsupported protocol version"
        case .capabilityMissing: "The request needs a capability that the client did not declare"
        case .notAcceptable: "Accept must list application/json and text/event-stream"
        case .unsupportedMediaType: "Content-Type must be application/json"
        }
    }

    /// A peer's own text, cut so that an answer stays small.
    private static func shown(_ text: String) -> String {
        text.count <= 64 ? text : text.prefix(64) + "..."
    }
}
