import Wire

/// What a client says its servers may ask it for, as flags.
package struct ClientCapabilities: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let sampling = ClientCapabilities(rawValue: 1 << 0)
    /// Sampling with tools (2025-11-25 and later).
    package static let samplingTools = ClientCapabilities(rawValue: 1 << 1)
    package static let elicitationForm = ClientCapabilities(rawValue: 1 << 2)
    package static let elicitationURL = ClientCapabilities(rawValue: 1 << 3)
    package static let roots = ClientCapabilities(rawValue: 1 << 4)
    /// Requests of servers as tasks (2025-11-25 only).
    package static let tasks = ClientCapabilities(rawValue: 1 << 5)

    /// Reads a raw `capabilities` object; what is no object counts as absent.
    package init(raw: [UInt8]) {
        self.init(JSONView(raw, ByteRange(start: 0, end: UInt32(clamping: raw.count))))
    }

    /// Reads a `capabilities` object; what is no object counts as absent.
    package init(_ capabilities: JSONView) {
        self = []
        guard capabilities.kind == .object else { return }
        for (key, _, value) in capabilities.members where value.kind == .object {
            switch key {
            case "sampling":
                insert(.sampling)
                if value["tools"]?.kind == .object { insert(.samplingTools) }
            case "elicitation":
                if value["url"]?.kind == .object { insert(.elicitationURL) }
                // One that names no mode means forms, which is all that there was before 2025-11-25.
                if value["form"]?.kind == .object || !contains(.elicitationURL) { insert(.elicitationForm) }
            case "roots": insert(.roots)
            case "tasks": insert(.tasks)
            default: break
            }
        }
    }

    /// The raw JSON object that declares exactly these.
    package var raw: [UInt8] {
        var writer = JSONWriter(capacity: 96)
        writer.beginObject()
        if !isDisjoint(with: [.elicitationForm, .elicitationURL]) {
            writer.key("elicitation")
            writer.beginObject()
            if contains(.elicitationForm) { Self.emptyObject("form", &writer) }
            if contains(.elicitationURL) { Self.emptyObject("url", &writer) }
            writer.endObject()
        }
        if contains(.roots) { Self.emptyObject("roots", &writer) }
        if !isDisjoint(with: [.sampling, .samplingTools]) {
            writer.key("sampling")
            writer.beginObject()
            if contains(.samplingTools) { Self.emptyObject("tools", &writer) }
            writer.endObject()
        }
        if contains(.tasks) { Self.emptyObject("tasks", &writer) }
        writer.endObject()
        return writer.bytes
    }

    private static func emptyObject(_ key: StaticString, _ writer: inout JSONWriter) {
        writer.key(key)
        writer.beginObject()
        writer.endObject()
    }
}
