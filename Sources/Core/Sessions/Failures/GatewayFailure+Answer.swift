import Wire

/// The one place where the gateway's failures become messages.
extension GatewayFailure {
    /// The failure as a JSON-RPC error with `data.attune`.
    package var rpcError: RPCError {
        var writer = JSONWriter(capacity: 192)
        writer.beginObject()
        writer.key("attune")
        writeFacts(into: &writer)
        writer.endObject()
        return RPCError(code: code, message: text, data: writer.bytes)
    }

    /// The failure as the raw result of a tool call with `isError: true`, because the model must read it.
    /// - Parameter serverInfo: the raw JSON object that a modern client is told; nil leaves it out.
    package func toolResult(era: Era, serverInfo: [UInt8]? = nil) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        if era == .modern { writer.field("resultType", "complete") }
        writer.key("content")
        writer.beginArray()
        writer.beginObject()
        writer.field("type", "text")
        writer.field("text", "\(text) [\(reason), call \(callID)]")
        writer.endObject()
        writer.endArray()
        writer.field("isError", true)
        writer.key("_meta")
        writer.beginObject()
        writer.key("attune")
        writeFacts(into: &writer)
        if era == .modern, let serverInfo {
            writer.key("io.modelcontextprotocol/serverInfo")
            writer.raw(serverInfo)
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    /// The whole answer to a request.
    /// - Parameters:
    ///   - id: the request's raw JSON id.
    ///   - asToolResult: whether the request was a tool call whose model must read the failure.
    package func answer(
        id: [UInt8], asToolResult: Bool, era: Era, serverInfo: [UInt8]? = nil
    ) -> [UInt8] {
        guard asToolResult else { return rpcError.answer(id: id) }
        return RPCResult.answer(id: id, result: toolResult(era: era, serverInfo: serverInfo))
    }

    private func writeFacts(into writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("reason", reason)
        writer.key("server")
        if let server { writer.value(server) } else { writer.null() }
        writer.key("tool")
        if let tool { writer.value(tool) } else { writer.null() }
        writer.field("call_id", callID)
        if let retryAfterMilliseconds { writer.field("retry_after_ms", retryAfterMilliseconds) }
        writer.endObject()
    }
}
