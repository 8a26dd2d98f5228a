import Wire

/// Writes `clientInfo` and `serverInfo` objects.
package enum Implementation {
    package static func gateway(version: String) -> [UInt8] {
        object(name: "attune", version: version)
    }

    package static func object(name: String, version: String) -> [UInt8] {
        var writer = JSONWriter(capacity: 32 + name.utf8.count + version.utf8.count)
        writer.beginObject()
        writer.field("name", name)
        writer.field("version", version)
        writer.endObject()
        return writer.bytes
    }
}
