import Foundation
import Telemetry
import Wire

/// One `tools/call` of the modern era, protocol version 2026-07-28.
struct ToolCallRequest {
    static let version = "2026-07-28"

    let body: [UInt8]
    let headers: [(name: String, value: String)]

    /// - Parameters:
    ///   - arguments: a JSON object.
    ///   - key: what the gateway knows the caller by, if it asks for that.
    init(tool: String, arguments: [UInt8], key: String?) {
        var json = JSONWriter(capacity: arguments.count + 512)
        json.beginObject()
        json.field("jsonrpc", "2.0")
        json.field("id", 1)
        json.field("method", "tools/call")
        json.key("params")
        json.beginObject()
        json.field("name", tool)
        json.field("arguments", raw: arguments)
        json.key("_meta")
        json.beginObject()
        json.field("io.modelcontextprotocol/protocolVersion", Self.version)
        json.key("io.modelcontextprotocol/clientInfo")
        json.beginObject()
        json.field("name", "attune")
        json.field("version", GatewayVersion.text)
        json.endObject()
        json.key("io.modelcontextprotocol/clientCapabilities")
        json.beginObject()
        json.endObject()
        json.endObject()
        json.endObject()
        json.endObject()
        body = json.bytes
        headers =
            [
                ("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream"),
                ("MCP-Protocol-Version", Self.version), ("Mcp-Method", "tools/call"),
                ("Mcp-Name", Self.fieldValue(tool)),
            ] + (key.map { [("Authorization", "Bearer \($0)")] } ?? [])
    }

    /// Finds the answer to the request: the whole body, or the last message of an event stream.
    func answer(in answer: GatewayAnswer, _ address: String) throws(CommandFailure) -> JSONView {
        for message in answer.messages.reversed() {
            guard let view = try? JSONView(validating: message, limits: ScanLimits(maxBytes: 64 << 20)) else {
                continue
            }
            if view["result"] != nil || view["error"]?.kind == .object { return view }
        }
        throw .unexpectedAnswer(address: address, status: answer.status, message: answer.message)
    }

    /// A text as a header field carries it: as it is where it is plain, else in Base64 between markers
    /// (MCP 2026-07-28, transports, "Value encoding").
    private static func fieldValue(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) } && !text.hasPrefix("=?base64?")
        return isPlain ? text : "=?base64?\(Data(text.utf8).base64EncodedString())?="
    }
}
