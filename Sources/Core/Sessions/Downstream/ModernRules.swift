import Wire

/// The rules of the modern era for what a client sends (2026-07-28, basic/index and basic/transports).
package enum ModernRules {
    /// How the message came.
    package enum Carrier: Sendable {
        case lines
        case http(HTTPRequest.Headers)
    }

    /// Judges one message; nil if it may go on.
    ///
    /// The order is: shape of the message, presence of the required `_meta` keys, header fields against body,
    /// the revision, types in `_meta`, and last the method, so that a client that contradicts itself is told
    /// so first.
    /// - Parameter passesUnknown: whether methods that no revision defines go on to the server.
    package static func refusal(
        _ message: [UInt8], _ frame: Frame, method: Method, carrier: Carrier, passesUnknown: Bool = false
    ) -> Refusal? {
        switch frame.kind {
        case .request: break
        case .notification: return notificationRefusal(message, frame, method: method, carrier: carrier)
        case .batch: return .batchNotAllowed(.july2026)
        case .result, .error, .invalid: return .invalidMessage
        }
        guard !frame.paramsMeta.isEmpty, !frame.metaProtocolVersion.isEmpty else {
            return .metaKeyMissing(MetaKey.protocolVersion)
        }
        let meta = JSONView(message, frame.paramsMeta)
        guard let capabilities = meta.member(MetaKey.clientCapabilities) else {
            return .metaKeyMissing(MetaKey.clientCapabilities)
        }
        let version = JSONView(message, frame.metaProtocolVersion)
        if case .http(let headers) = carrier,
            let refusal = headerRefusal(message, frame, method: method, version: version, headers: headers)
        {
            return refusal
        }
        guard let requested = version.string else { return .metaKeyInvalid(MetaKey.protocolVersion) }
        guard ProtocolVersion(requested)?.era == .modern else {
            return .unsupportedVersion(requested: requested)
        }
        guard capabilities.kind == .object else { return .metaKeyInvalid(MetaKey.clientCapabilities) }
        return metaRefusal(meta) ?? methodRefusal(message, frame, method, passesUnknown: passesUnknown)
    }

    private static func metaRefusal(_ meta: JSONView) -> Refusal? {
        if let info = meta.member(MetaKey.clientInfo), info.kind != .object {
            return .metaKeyInvalid(MetaKey.clientInfo)
        }
        if let level = meta.member(MetaKey.logLevel), level.string.flatMap({ LogLevel($0) }) == nil {
            return .metaKeyInvalid(MetaKey.logLevel)
        }
        return nil
    }

    private static func methodRefusal(
        _ message: [UInt8], _ frame: Frame, _ method: Method, passesUnknown: Bool
    ) -> Refusal? {
        let exists = method.exists(in: .july2026, from: .client) && !method.isNotification
        if exists { return nil }
        switch method {
        // The extension for tasks, if any server offers it: that is for the router to say.
        case .tasksGet, .tasksUpdate, .tasksCancel: return nil
        case .other where passesUnknown: return nil
        default: return .methodNotFound(MessageText.method(message, frame), .modern)
        }
    }

    private static func headerRefusal(
        _ message: [UInt8], _ frame: Frame, method: Method, version: JSONView, headers: HTTPRequest.Headers
    ) -> Refusal? {
        guard let versionHeader = headers.protocolVersion else { return .headerMissing(.protocolVersion) }
        guard versionHeader == version.string else { return .headerMismatch(.protocolVersion) }
        guard let methodHeader = headers.mcpMethod else { return .headerMissing(.method) }
        let named = method == .other ? MessageText.method(message, frame) : method.text
        guard methodHeader == named else { return .headerMismatch(.method) }
        guard let target = MessageText.headerTarget(message, frame, method) else { return nil }
        guard let nameHeader = headers.mcpName else { return .headerMissing(.name) }
        return HeaderValue.decode(nameHeader) == target ? nil : .headerMismatch(.name)
    }

    /// Over HTTP no notification has a meaning, so that all are accepted and dropped; only the revision is
    /// checked.
    private static func notificationRefusal(
        _ message: [UInt8], _ frame: Frame, method: Method, carrier: Carrier
    ) -> Refusal? {
        guard case .http(let headers) = carrier else { return nil }
        if let header = headers.protocolVersion, ProtocolVersion(header)?.era != .modern {
            return .unsupportedVersion(requested: header)
        }
        if let header = headers.mcpMethod, header != MessageText.method(message, frame) {
            return .headerMismatch(.method)
        }
        return nil
    }
}
