import Wire

/// Writes the messages of the handshakes.
package enum HandshakeMessages {
    /// `server/discover` in the latest modern revision.
    static func discover(id: Int, identity: ClientIdentity) -> [UInt8] {
        var writer = JSONWriter(capacity: 320 + identity.info.count + identity.capabilities.count)
        writer.beginObject()
        writer.field("jsonrpc", "2.0")
        writer.field("id", id)
        writer.field("method", Method.discover.text)
        writer.key("params")
        writer.beginObject()
        writer.key("_meta")
        writer.beginObject()
        writer.field("io.modelcontextprotocol/protocolVersion", ProtocolVersion.latestModern.text)
        writer.key("io.modelcontextprotocol/clientInfo")
        writer.raw(identity.info)
        writer.key("io.modelcontextprotocol/clientCapabilities")
        writer.raw(identity.capabilities)
        writer.endObject()
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    static func initialize(id: Int, identity: ClientIdentity, version: ProtocolVersion) -> [UInt8] {
        var writer = JSONWriter(capacity: 192 + identity.info.count + identity.capabilities.count)
        writer.beginObject()
        writer.field("jsonrpc", "2.0")
        writer.field("id", id)
        writer.field("method", Method.initialize.text)
        writer.key("params")
        writer.beginObject()
        writer.field("protocolVersion", version.text)
        writer.key("capabilities")
        writer.raw(identity.capabilities)
        writer.key("clientInfo")
        writer.raw(identity.info)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    static let initialized = Array(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#.utf8)
}
