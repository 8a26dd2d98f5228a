import Identifiers
import Routing
import Sessions
import Wire

/// The streams that clients of one loop keep open to hear of changes. Confined to the loop.
final class StreamTable {
    enum Audience {
        /// A legacy session's stream.
        case session(LegacySession)
        /// A modern `subscriptions/listen`: its raw id, and what it asked for.
        case listener(id: [UInt8], SubscriptionFilter)
    }

    struct Entry {
        let stream: ClientStream
        let endpoint: Endpoint
        let audience: Audience
        /// Where a listener's stream is a whole connection with other requests, ending the subscription must not
        /// end the stream.
        let ownsStream: Bool
    }

    static let maxStreams = 65_536

    private var entries: [ObjectIdentifier: Entry] = [:]
    // Listeners on line connections share their stream, so they are found by connection and id.
    private var listeners: [ObjectIdentifier: [[UInt8]: Entry]] = [:]

    var count: Int { entries.count + listeners.values.reduce(0) { $0 + $1.count } }

    /// - Returns: false if the loop holds too many already.
    func add(_ entry: Entry) -> Bool {
        guard count < Self.maxStreams else { return false }
        if case .listener(let id, _) = entry.audience, !entry.ownsStream {
            listeners[ObjectIdentifier(entry.stream), default: [:]][id] = entry
        } else {
            entries[ObjectIdentifier(entry.stream)] = entry
        }
        return true
    }

    func remove(_ stream: ClientStream) {
        entries[ObjectIdentifier(stream)] = nil
        listeners[ObjectIdentifier(stream)] = nil
    }

    /// - Returns: whether the connection had a subscription with this id.
    func removeListener(_ id: [UInt8], on stream: ClientStream) -> Bool {
        listeners[ObjectIdentifier(stream)]?.removeValue(forKey: id) != nil
    }

    /// Tells those who see one of `servers` that lists of these kinds have changed.
    func announce(_ kinds: Set<ListKind>, of servers: Set<ServerID>, view: RoutingView) {
        let methods = Self.methods(kinds)
        for entry in all
        where view.hubs(at: entry.endpoint).contains(where: { servers.contains($0.plan.id) })
            || entry.endpoint.hub == nil && servers.isEmpty
        {
            for method in methods { Self.send(method, to: entry) }
        }
    }

    func keepAlive() { for entry in entries.values { entry.stream.keepAlive() } }

    /// Ends every stream; listeners are told so, as the protocol asks for.
    func endAll() {
        for entry in all {
            if case .listener(let id, _) = entry.audience {
                entry.stream.send(
                    RPCResult.answer(id: id, result: GatewayResults.listenEnded(subscriptionID: id)),
                    isDroppable: false)
            }
            if entry.ownsStream { entry.stream.end() }
        }
        entries = [:]
        listeners = [:]
    }

    private var all: [Entry] { entries.values + listeners.values.flatMap(\.values) }

    private static func methods(_ kinds: Set<ListKind>) -> [Method] {
        var methods: [Method] = []
        if kinds.contains(.tools) { methods.append(.toolsListChanged) }
        if kinds.contains(.prompts) { methods.append(.promptsListChanged) }
        if kinds.contains(.resources) || kinds.contains(.resourceTemplates) {
            methods.append(.resourcesListChanged)
        }
        return methods
    }

    private static func send(_ method: Method, to entry: Entry) {
        switch entry.audience {
        case .session(let session):
            guard session.isInitialized else { return }
            entry.stream.send(GatewayMessages.listChanged(method), isDroppable: false)
        case .listener(let id, let filter):
            guard filter.wants(method) else { return }
            entry.stream.send(
                GatewayMessages.listChanged(method, subscriptionID: id), isDroppable: false)
        }
    }
}
