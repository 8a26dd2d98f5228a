import Identifiers
import Routing
import Sessions
import Wire

/// The streams that clients of one loop keep open to hear of changes. Confined to the loop.
final class StreamTable {
    enum Audience {
        /// A legacy session's stream.
        case session(LegacySession)
        /// A modern `subscriptions/listen`.
        case listener(Listener)
        /// Whoever reads on in the answer to a request.
        case answer
    }

    struct Entry {
        let stream: ClientStream
        let endpoint: Endpoint
        let audience: Audience
        /// Where a listener's stream is a whole connection with other requests, ending the subscription must
        /// not end the stream.
        let ownsStream: Bool
    }

    static let maxStreams = 65_536
    /// Subscriptions of one line connection.
    static let maxListeners = 64

    private var entries: [ObjectIdentifier: Entry] = [:]
    // Listeners on line connections share their stream, so they are found by connection and id.
    private var listeners: [ObjectIdentifier: [[UInt8]: Entry]] = [:]

    var count: Int { entries.count + listeners.values.reduce(0) { $0 + $1.count } }

    /// The table forgets the stream when it closes.
    /// - Returns: false if the loop or the connection holds too many already.
    func add(_ entry: Entry) -> Bool {
        guard entries.count + listeners.count < Self.maxStreams else { return false }
        let key = ObjectIdentifier(entry.stream)
        if case .listener(let listener) = entry.audience, !entry.ownsStream {
            guard listeners[key].map({ $0.count < Self.maxListeners }) ?? true else { return false }
            Self.end(listeners[key, default: [:]].updateValue(entry, forKey: listener.id))
        } else {
            entries[key] = entry
        }
        entry.stream.onClosed = { [weak self] in self?.remove(key) }
        return true
    }

    private func remove(_ key: ObjectIdentifier) {
        Self.end(entries.removeValue(forKey: key))
        for entry in (listeners.removeValue(forKey: key) ?? [:]).values { Self.end(entry) }
    }

    private static func end(_ entry: Entry?) {
        if case .listener(let listener)? = entry?.audience { listener.end() }
    }

    /// - Returns: whether the connection had a subscription with this id.
    func removeListener(_ id: [UInt8], on stream: ClientStream) -> Bool {
        let key = ObjectIdentifier(stream)
        guard let entry = listeners[key]?.removeValue(forKey: id) else { return false }
        Self.end(entry)
        if listeners[key]?.isEmpty ?? false { listeners[key] = nil }
        return true
    }

    /// Tells those who see them of changed lists.
    func announce(_ changes: ListChanges, _ view: RoutingView, _ now: MonotonicTime) {
        for entry in all {
            var untold = changes
            if case .session(let session) = entry.audience { untold = session.untold(changes) }
            let kinds = untold.kinds(at: entry.endpoint, view)
            for method in Self.methods(kinds) { Self.send(method, to: entry, now) }
        }
    }

    /// Tells one principal's listeners what servers said on that principal's own links.
    func pass(_ changes: ListChanges, _ view: RoutingView, to principal: Principal, _ now: MonotonicTime) {
        for entry in all {
            guard case .listener(let listener) = entry.audience, listener.principal == principal else {
                continue
            }
            for method in Self.methods(changes.kinds(at: entry.endpoint, view)) where listener.wants(method) {
                // Elsewhere the gateway's own announcement may be of another server.
                if entry.endpoint.hub != nil { listener.told(method, now: now) }
                listener.offer(GatewayMessages.listChanged(method, subscriptionID: listener.id))
            }
        }
    }

    func keepAlive() { for entry in entries.values { entry.stream.keepAlive() } }

    /// Ends every stream; listeners are told so, as the protocol asks for.
    func endAll() {
        let ending = all
        entries = [:]
        listeners = [:]
        for entry in ending {
            if case .listener(let listener) = entry.audience {
                let id = listener.id
                listener.end()
                entry.stream.send(
                    RPCResult.answer(id: id, result: GatewayResults.listenEnded(subscriptionID: id)),
                    isDroppable: false)
            }
            if entry.ownsStream { entry.stream.end() }
        }
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

    private static func send(_ method: Method, to entry: Entry, _ now: MonotonicTime) {
        switch entry.audience {
        case .session(let session):
            guard session.isInitialized else { return }
            entry.stream.offer(GatewayMessages.listChanged(method))
        case .listener(let listener):
            guard listener.wants(method), !listener.wasJustTold(method, now: now) else { return }
            listener.offer(GatewayMessages.listChanged(method, subscriptionID: listener.id))
        case .answer: break
        }
    }
}
