import NIOCore
import Sessions

/// Writes the requests to one endpoint as bytes: a prepared beginning, the request's own fields, the body.
struct RequestWriter {
    enum Kind { case post, listen, delete }

    private let postHead: ByteBuffer
    private let listenHead: ByteBuffer
    private let deleteHead: ByteBuffer

    init(_ endpoint: HTTPEndpoint) {
        postHead = Self.head(
            "POST", endpoint,
            "Accept: application/json, text/event-stream\r\nContent-Type: application/json\r\n")
        listenHead = Self.head("GET", endpoint, "Accept: text/event-stream\r\nCache-Control: no-store\r\n")
        deleteHead = Self.head("DELETE", endpoint, "")
    }

    /// Lends a buffer with the request; give it back to `state` with `keepWriteBuffer` after the write.
    func take(
        _ kind: Kind, _ headers: UpstreamHeaders, _ body: [UInt8], from state: LoopState
    ) -> ByteBuffer {
        let head =
            switch kind {
            case .post: postHead
            case .listen: listenHead
            case .delete: deleteHead
            }
        let bytes = head.readableBytes + Self.bytes(headers) + body.count
        var buffer = state.takeWriteBuffer(bytes)
        buffer.writeWithOutputRawSpan(minimumWritableBytes: bytes) { output in
            output.append(head.readableBytesUInt8Span)
            if kind == .post {
                output.append("Content-Length: ")
                output.append(decimal: body.count)
                output.append("\r\n")
            }
            Self.write(headers, &output)
            output.append("\r\n")
            output.append(body.span)
        }
        return buffer
    }

    /// The most bytes that these fields, the length of the body and the empty line take.
    private static func bytes(_ headers: UpstreamHeaders) -> Int {
        var bytes = 256
        bytes += headers.protocolVersion?.utf8.count ?? 0
        bytes += headers.sessionID?.utf8.count ?? 0
        bytes += headers.mcpMethod?.utf8.count ?? 0
        bytes += headers.mcpName?.utf8.count ?? 0
        bytes += headers.lastEventID?.utf8.count ?? 0
        for (name, value) in headers.mcpParameters { bytes += 16 + name.utf8.count + value.utf8.count }
        return bytes
    }

    private static func write(_ headers: UpstreamHeaders, _ output: inout OutputRawSpan) {
        write("MCP-Protocol-Version: ", headers.protocolVersion, &output)
        write("Mcp-Session-Id: ", headers.sessionID, &output)
        write("Mcp-Method: ", headers.mcpMethod, &output)
        write("Mcp-Name: ", headers.mcpName, &output)
        write("Last-Event-ID: ", headers.lastEventID, &output)
        for (name, value) in headers.mcpParameters where FieldValue.isToken(name) && FieldValue.isSafe(value)
        {
            output.append("Mcp-Param-")
            output.append(text: name)
            output.append(": ")
            output.append(text: value)
            output.append("\r\n")
        }
    }

    /// Leaves the field out if there is no value or the value could end the line.
    private static func write(_ name: StaticString, _ value: String?, _ output: inout OutputRawSpan) {
        guard let value, FieldValue.isSafe(value) else { return }
        output.append(name)
        output.append(text: value)
        output.append("\r\n")
    }

    private static func head(_ method: String, _ endpoint: HTTPEndpoint, _ fields: String) -> ByteBuffer {
        var text = "\(method) \(endpoint.target) HTTP/1.1\r\nHost: \(endpoint.authority)\r\n\(fields)"
        if !endpoint.headers.contains(where: { $0.name.lowercased() == "user-agent" }) {
            text += "User-Agent: attune\r\n"
        }
        for (name, value) in endpoint.headers { text += "\(name): \(value)\r\n" }
        return ByteBuffer(string: text)
    }
}
