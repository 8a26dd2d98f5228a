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

    /// The bytes a request takes, or somewhat more unless it has parameters.
    func bytes(_ body: [UInt8]) -> Int { postHead.readableBytes + body.count + 512 }

    func write(_ kind: Kind, _ headers: UpstreamHeaders, _ body: [UInt8], into buffer: inout ByteBuffer) {
        switch kind {
        case .post:
            buffer.writeImmutableBuffer(postHead)
            buffer.writeStaticString("Content-Length: ")
            buffer.writeString(String(body.count))
            buffer.writeStaticString("\r\n")
        case .listen: buffer.writeImmutableBuffer(listenHead)
        case .delete: buffer.writeImmutableBuffer(deleteHead)
        }
        Self.write("MCP-Protocol-Version: ", headers.protocolVersion, &buffer)
        Self.write("Mcp-Session-Id: ", headers.sessionID, &buffer)
        Self.write("Mcp-Method: ", headers.mcpMethod, &buffer)
        Self.write("Mcp-Name: ", headers.mcpName, &buffer)
        Self.write("Last-Event-ID: ", headers.lastEventID, &buffer)
        for (name, value) in headers.mcpParameters where FieldValue.isToken(name) && FieldValue.isSafe(value)
        {
            buffer.writeStaticString("Mcp-Param-")
            buffer.writeString(name)
            buffer.writeStaticString(": ")
            buffer.writeString(value)
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString("\r\n")
        if kind == .post { buffer.writeBytes(body) }
    }

    /// Leaves the field out if there is no value or the value could end the line.
    private static func write(_ name: StaticString, _ value: String?, _ buffer: inout ByteBuffer) {
        guard let value, FieldValue.isSafe(value) else { return }
        buffer.writeStaticString(name)
        buffer.writeString(value)
        buffer.writeStaticString("\r\n")
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
