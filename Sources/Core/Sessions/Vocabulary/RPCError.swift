import Wire

/// The `error` member of a JSON-RPC answer.
package struct RPCError: Error, Hashable, Sendable {
    package var code: Int
    package var message: String
    /// The raw JSON of `error.data`.
    package var data: [UInt8]?

    package init(code: Int, message: String, data: [UInt8]? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// Reads a server's raw `error` object; nil if it is none.
    package init?(raw: [UInt8]) {
        let view = JSONView(raw, ByteRange(start: 0, end: UInt32(clamping: raw.count)))
        guard view.kind == .object, let code = view["code"]?.int.flatMap(Int.init(exactly:)) else {
            return nil
        }
        self.init(code: code, message: view["message"]?.string ?? "", data: view["data"]?.rawBytes)
    }

    /// The status of an HTTP answer whose whole body is this error: the modern era maps the protocol's codes,
    /// the legacy eras answer 200.
    package func httpStatus(in era: Era) -> Int {
        guard era == .modern else { return 200 }
        return switch code {
        case ErrorCode.parseError, ErrorCode.invalidRequest, ErrorCode.invalidParams,
            ErrorCode.headerMismatch,
            ErrorCode.missingClientCapability, ErrorCode.unsupportedProtocolVersion:
            400
        case ErrorCode.methodNotFound: 404
        default: 200
        }
    }

    /// The whole answer.
    /// - Parameter id: the request's raw JSON id; nil writes `null`.
    package func answer(id: [UInt8]?) -> [UInt8] {
        var writer = JSONWriter(capacity: 96 + message.utf8.count + (data?.count ?? 0) + (id?.count ?? 4))
        writer.beginObject()
        writer.field("jsonrpc", "2.0")
        writer.key("id")
        if let id { writer.raw(id) } else { writer.null() }
        writer.key("error")
        writer.beginObject()
        writer.field("code", code)
        writer.field("message", message)
        if let data {
            writer.key("data")
            writer.raw(data)
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}
