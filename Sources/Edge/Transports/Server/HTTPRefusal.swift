/// Why the transport itself turns a request away; the connection is closed after the answer.
enum HTTPRefusal: Error, Equatable {
    case malformed
    case badTarget
    case hostMissing
    case hostRepeated
    case hostNotAllowed
    case originNotAllowed
    case fieldRepeated
    case badFraming
    case unknownCoding
    case unknownExpectation
    case headTooLarge
    case bodyTooLarge
    case methodNotServed
    case versionNotServed
    case tooManyConnections
    case outOfMemory
    case timedOut

    var status: Int {
        switch self {
        case .malformed, .badTarget, .hostMissing, .hostRepeated, .fieldRepeated, .badFraming: 400
        case .hostNotAllowed, .originNotAllowed: 403
        case .methodNotServed: 405
        case .timedOut: 408
        case .bodyTooLarge: 413
        case .unknownExpectation: 417
        case .headTooLarge: 431
        case .unknownCoding: 501
        case .tooManyConnections, .outOfMemory: 503
        case .versionNotServed: 505
        }
    }

    var message: StaticString {
        switch self {
        case .malformed: "the request is not well-formed HTTP/1.1"
        case .badTarget: "the request target is not served"
        case .hostMissing: "the request has no Host"
        case .hostRepeated: "the request has more than one Host"
        case .hostNotAllowed: "this Host is not allowed; see allowed_hosts"
        case .originNotAllowed: "this Origin is not allowed; see allowed_origins"
        case .fieldRepeated: "a header field that may stand once is repeated"
        case .badFraming: "the length of the request body is ambiguous"
        case .unknownCoding: "this Transfer-Encoding is not supported"
        case .unknownExpectation: "this Expect is not supported"
        case .headTooLarge: "the request head is too large"
        case .bodyTooLarge: "the message is larger than max_message_size"
        case .methodNotServed: "this method is not served"
        case .versionNotServed: "this HTTP version is not supported"
        case .tooManyConnections: "too many connections"
        case .outOfMemory: "no memory is left for the message; see attune memory"
        case .timedOut: "the request did not arrive in time"
        }
    }

    /// The JSON-RPC error code of the body.
    var code: Int {
        switch self {
        case .bodyTooLarge: 1005
        case .tooManyConnections, .outOfMemory: 1004
        default: -32600
        }
    }

    var body: [UInt8] {
        Array(#"{"jsonrpc":"2.0","id":null,"error":{"code":\#(code),"message":"\#(message)"}}"#.utf8)
    }
}
