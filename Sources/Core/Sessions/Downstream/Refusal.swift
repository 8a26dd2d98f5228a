import Wire

/// Why a client's message is refused before it reaches a server.
package enum Refusal: Error, Hashable, Sendable {
    /// A header field whose value must repeat the body's.
    package enum HeaderField: String, Hashable, Sendable {
        case protocolVersion = "MCP-Protocol-Version"
        case method = "Mcp-Method"
        case name = "Mcp-Name"
    }

    /// The body is JSON but no JSON-RPC message.
    case invalidMessage
    case batchNotAllowed(ProtocolVersion?)
    case emptyBatch
    case batchTooLong(limit: Int)
    case initializeInBatch
    /// `MCP-Protocol-Version` of a legacy request names no known legacy revision.
    case badVersionHeader(String)
    /// The client has not sent `notifications/initialized` yet.
    case notInitialized
    case sessionIDMissing
    case sessionUnknown
    /// `Last-Event-ID` names nothing that can be resumed.
    case eventUnknown
    case methodNotFound(String, Era)
    /// A parameter is missing or has the wrong type.
    case badParameter(String)
    case headerMissing(HeaderField)
    case headerMismatch(HeaderField)
    /// A `Mcp-Param-*` field and its argument differ.
    case parameterHeaderMismatch(name: String)
    case metaKeyMissing(String)
    case metaKeyInvalid(String)
    case unsupportedVersion(requested: String)
    /// - Parameter required: the raw JSON object of the capabilities that the request needs.
    case capabilityMissing(required: [UInt8])
    case notAcceptable
    case unsupportedMediaType

    package var httpStatus: Int {
        switch self {
        case .notAcceptable: 406
        case .unsupportedMediaType: 415
        case .sessionUnknown: 404
        case .methodNotFound(_, let era): era == .modern ? 404 : 200
        case .badParameter: 400
        default: 400
        }
    }

    package var error: RPCError {
        RPCError(code: code, message: message, data: data)
    }

    private var code: Int {
        switch self {
        case .methodNotFound: ErrorCode.methodNotFound
        case .badParameter, .metaKeyMissing, .metaKeyInvalid: ErrorCode.invalidParams
        case .headerMissing, .headerMismatch, .parameterHeaderMismatch: ErrorCode.headerMismatch
        case .unsupportedVersion: ErrorCode.unsupportedProtocolVersion
        case .capabilityMissing: ErrorCode.missingClientCapability
        default: ErrorCode.invalidRequest
        }
    }

    private var data: [UInt8]? {
        var writer = JSONWriter(capacity: 128)
        writer.beginObject()
        switch self {
        case .unsupportedVersion(let requested):
            writer.key("supported")
            writer.beginArray()
            for version in ProtocolVersion.allText { writer.value(version) }
            writer.endArray()
            writer.field("requested", requested)
        case .capabilityMissing(let required):
            writer.key("requiredCapabilities")
            writer.raw(required)
        default: return nil
        }
        writer.endObject()
        return writer.bytes
    }
}
