import Wire

/// Writes the requests and notifications that the gateway sends of its own accord.
package enum GatewayMessages {
    /// A request without parameters of its own, a page of a list, or one about a resource.
    /// - Parameters:
    ///   - cursor: the raw JSON string that the server gave.
    ///   - uri: the raw JSON string.
    ///   - meta: what a modern server wants to know; nil for a legacy one.
    package static func request(
        id: Int, _ method: Method, cursor: [UInt8]? = nil, uri: [UInt8]? = nil, meta: ModernMeta?
    ) -> [UInt8] {
        var params: [(key: String, value: [UInt8])] = []
        if let cursor { params.append((key: "cursor", value: cursor)) }
        if let uri { params.append((key: "uri", value: uri)) }
        if let meta { params.append((key: "_meta", value: meta.object)) }
        return message(id: id, method, params: params)
    }

    /// `subscriptions/listen` to a modern server.
    package static func listen(id: Int, _ filter: SubscriptionFilter, meta: ModernMeta) -> [UInt8] {
        message(
            id: id, .listen,
            params: [
                (key: "notifications", value: filter.raw),
                (key: "_meta", value: meta.object),
            ])
    }

    /// `logging/setLevel` to a legacy server.
    package static func setLevel(id: Int, _ level: LogLevel) -> [UInt8] {
        message(id: id, .loggingSetLevel, params: [(key: "level", value: JSONWriter.quoted(level.text))])
    }

    /// `notifications/cancelled`.
    /// - Parameter requestID: the raw JSON id of the request, as its receiver knows it.
    package static func cancelled(requestID: [UInt8], reason: String? = nil) -> [UInt8] {
        var params = [(key: "requestId", value: requestID)]
        if let reason { params.append((key: "reason", value: JSONWriter.quoted(reason))) }
        return message(id: nil, .cancelled, params: params)
    }

    /// A `list_changed` notification.
    /// - Parameter subscriptionID: the raw id of a modern client's listen request; nil for a legacy client.
    package static func listChanged(_ method: Method, subscriptionID: [UInt8]? = nil) -> [UInt8] {
        message(id: nil, method, params: tag(subscriptionID))
    }

    /// `notifications/resources/updated`.
    /// - Parameter uri: the raw JSON string.
    package static func resourceUpdated(uri: [UInt8], subscriptionID: [UInt8]? = nil) -> [UInt8] {
        message(id: nil, .resourceUpdated, params: [(key: "uri", value: uri)] + tag(subscriptionID))
    }

    /// The first message on a modern client's listen stream.
    package static func acknowledged(_ filter: SubscriptionFilter, subscriptionID: [UInt8]) -> [UInt8] {
        message(
            id: nil, .subscriptionsAcknowledged,
            params: [(key: "notifications", value: filter.raw)] + tag(subscriptionID))
    }

    private static func tag(_ subscriptionID: [UInt8]?) -> [(key: String, value: [UInt8])] {
        guard let subscriptionID else { return [] }
        return [
            (key: "_meta", value: ObjectEdit.object([(key: MetaKey.subscriptionID, value: subscriptionID)]))
        ]
    }

    private static func message(
        id: Int?, _ method: Method, params: [(key: String, value: [UInt8])]
    ) -> [UInt8] {
        var members = [(key: "jsonrpc", value: JSONWriter.quoted("2.0"))]
        if let id { members.append((key: "id", value: Array(String(id).utf8))) }
        members.append((key: "method", value: JSONWriter.quoted(method.text)))
        if !params.isEmpty { members.append((key: "params", value: ObjectEdit.object(params))) }
        return ObjectEdit.object(members)
    }
}
