import Wire

/// Changes notifications on their way through the gateway. All values are raw JSON.
package enum NotificationBridge {
    /// `params.progressToken` of a `notifications/progress`; nil if absent.
    package static func progressToken(_ message: [UInt8], _ frame: Frame) -> [UInt8]? {
        parameter("progressToken", message, frame)?.rawBytes
    }

    /// `params.requestId` of a `notifications/cancelled`; nil if absent.
    package static func requestID(_ message: [UInt8], _ frame: Frame) -> [UInt8]? {
        parameter("requestId", message, frame)?.rawBytes
    }

    /// The notification with another progress token; nil if it has none.
    package static func restoringProgressToken(
        _ message: [UInt8], _ frame: Frame, _ token: [UInt8]
    ) -> [UInt8]? {
        replacing("progressToken", message, frame, token)
    }

    /// The notification with another request id; nil if it has none.
    package static func replacingRequestID(_ message: [UInt8], _ frame: Frame, _ id: [UInt8]) -> [UInt8]? {
        replacing("requestId", message, frame, id)
    }

    /// The notification with another `params.uri`; nil if it has none.
    package static func replacingURI(_ message: [UInt8], _ frame: Frame, _ uri: [UInt8]) -> [UInt8]? {
        replacing("uri", message, frame, uri)
    }

    /// `params._meta["io.modelcontextprotocol/subscriptionId"]`, where it is an integer.
    package static func subscriptionID(_ message: [UInt8], _ frame: Frame) -> Int64? {
        guard !frame.paramsMeta.isEmpty else { return nil }
        return JSONView(message, frame.paramsMeta).member(MetaKey.subscriptionID)?.int
    }

    /// A server's `notifications/resources/updated` for one client; other members stay as they are.
    /// - Parameters:
    ///   - uri: the URI that the client knows; nil leaves the server's.
    ///   - subscriptionID: the raw id of a modern client's listen request; nil for a legacy client.
    package static func resourceUpdated(
        _ message: [UInt8], _ frame: Frame, uri: [UInt8]?, subscriptionID: [UInt8]?
    ) -> [UInt8] {
        guard !frame.params.isEmpty else { return message }
        let view = JSONView(message, frame.params)
        var splice = Splice()
        if let uri, let old = view.member("uri") { splice.replace(old.range, with: uri) }
        var params = ObjectEdit(view)
        params.editMeta(
            into: &splice,
            removing: { $0 == MetaKey.subscriptionID || subscriptionID == nil && $0 == MetaKey.serverInfo },
            inserting: subscriptionID.map {
                JSONWriter.quoted(MetaKey.subscriptionID) + [UInt8(ascii: ":")] + $0
            } ?? [])
        params.record(into: &splice)
        return splice.apply(to: message)
    }

    /// The notification tagged for one listen stream of a modern client.
    /// - Parameter subscriptionID: the raw id of the client's `subscriptions/listen`.
    package static func tagged(_ message: [UInt8], _ frame: Frame, subscriptionID: [UInt8]) -> [UInt8] {
        let tag = JSONWriter.quoted(MetaKey.subscriptionID) + [UInt8(ascii: ":")] + subscriptionID
        var splice = Splice()
        if frame.params.isEmpty {
            var root = ObjectEdit(JSONView(message, frame.root))
            root.insert("params", Array("{\"_meta\":{".utf8) + tag + Array("}}".utf8))
            root.record(into: &splice)
        } else {
            var params = ObjectEdit(JSONView(message, frame.params))
            params.editMeta(into: &splice, removing: { $0 == MetaKey.subscriptionID }, inserting: tag)
            params.record(into: &splice)
        }
        return splice.apply(to: message)
    }

    /// The notification without what only the modern era knows in `_meta`, for a legacy client.
    package static func untagged(_ message: [UInt8], _ frame: Frame) -> [UInt8] {
        guard !frame.paramsMeta.isEmpty else { return message }
        var splice = Splice()
        var params = ObjectEdit(JSONView(message, frame.params))
        params.editMeta(
            into: &splice, removing: { $0 == MetaKey.subscriptionID || $0 == MetaKey.serverInfo })
        params.record(into: &splice)
        return splice.apply(to: message)
    }

    /// The severity of a `notifications/message`; nil if it names none that is known.
    package static func logLevel(_ message: [UInt8], _ frame: Frame) -> LogLevel? {
        frame.params.isEmpty ? nil : LogLevel(params: JSONView(message, frame.params))
    }

    private static func parameter(_ key: String, _ message: [UInt8], _ frame: Frame) -> JSONView? {
        frame.params.isEmpty ? nil : JSONView(message, frame.params).member(key)
    }

    private static func replacing(
        _ key: String, _ message: [UInt8], _ frame: Frame, _ value: [UInt8]
    ) -> [UInt8]? {
        guard let old = parameter(key, message, frame) else { return nil }
        var splice = Splice()
        splice.replace(old.range, with: value)
        return splice.apply(to: message)
    }
}
