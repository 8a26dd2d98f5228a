/// What changes in a client's request on its way to a server. All values are raw JSON.
package struct RequestEdit: Sendable {
    /// What the receiver's era asks of `params._meta`.
    package enum Crossing: Sendable {
        /// Both sides speak the same era.
        case none
        case toModern(ModernMeta)
        case toLegacy
    }

    package var id: [UInt8]
    /// The name that the server knows: for `params.name`, or for `params.ref.name` of a completion.
    package var name: [UInt8]?
    /// The URI that the server knows: for `params.uri`, or for `params.ref.uri` of a completion.
    package var uri: [UInt8]?
    /// The server's own cursor.
    package var cursor: [UInt8]?
    /// Replaces the client's progress token, where there is one.
    package var progressToken: [UInt8]?
    /// Replaces the client's `traceparent`, where there is one: the gateway's own place in the same trace.
    package var traceparent: [UInt8]?
    package var crossing: Crossing

    package init(
        id: [UInt8], name: [UInt8]? = nil, uri: [UInt8]? = nil, cursor: [UInt8]? = nil,
        progressToken: [UInt8]? = nil, traceparent: [UInt8]? = nil, crossing: Crossing = .none
    ) {
        self.id = id
        self.name = name
        self.uri = uri
        self.cursor = cursor
        self.progressToken = progressToken
        self.traceparent = traceparent
        self.crossing = crossing
    }
}
