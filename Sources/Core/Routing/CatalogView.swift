import Identifiers
import Wire

/// What one MCP address shows: the whole gateway, or a profile. Immutable.
package final class CatalogView: Sendable {
    /// The profile's name; empty for the whole gateway.
    package let name: String
    private let generation: UInt64
    private let nameHash: UInt32
    private let tables: [NameTable]
    private let routes: [[Route]]
    private let lists: [RenderedList]
    private let templates: [(template: URITemplate, route: Route)]
    private let servers: [String: ServerID]
    /// The one server of the view that offers resources; nil if there are none or several.
    private let soleResourceServer: ServerID?

    /// - Parameters:
    ///   - entries: by the kind's raw value.
    ///   - caching: the merged caching hints, by the kind's raw value.
    init(
        name: String, generation: UInt64, entries: [[CatalogEntry]], caching: [CachingHints],
        limits: PageLimits, servers: [String: ServerID], soleResourceServer: ServerID?
    ) {
        self.name = name
        self.generation = generation
        var hash = StableHash()
        hash.combine(name)
        let nameHash = hash.folded
        self.nameHash = nameHash
        lists = ListKind.allCases.map { kind in
            let hints = caching[Int(kind.rawValue)]
            return RenderedList(
                entries[Int(kind.rawValue)], ttlMilliseconds: hints.ttlMilliseconds, cacheScope: hints.scope,
                limits: limits
            ) { offset in
                Cursor(generation: generation, view: nameHash, kind: kind, offset: UInt32(offset)).text
            }
        }
        tables = entries.map { NameTable($0.map(\.exposedName)) }
        routes = entries.map { $0.map(\.route) }
        templates = entries[Int(ListKind.resourceTemplates.rawValue)].compactMap { entry in
            entry.template.map { ($0, entry.route) }
        }
        self.servers = servers
        self.soleResourceServer = soleResourceServer
    }

    /// The route of an item by its exposed name (or, for resources and templates, URI), decoded.
    /// - Complexity: O(name bytes), expected; makes no String.
    package func route(_ kind: ListKind, _ name: Span<UInt8>) -> Route? {
        tables[Int(kind.rawValue)].find(name).map { routes[Int(kind.rawValue)][$0] }
    }

    package func route(_ kind: ListKind, _ name: String) -> Route? { route(kind, [UInt8](name.utf8).span) }

    /// The route of the item that a raw JSON value in a scanned message names; nil if the value is not a
    /// string.
    package func route(_ kind: ListKind, in message: [UInt8], _ value: ByteRange) -> Route? {
        guard let content = Self.content(of: value, in: message) else { return nil }
        if let content { return route(kind, message.span.extracting(content)) }
        return JSONView(message, value).string.flatMap { route(kind, $0) }
    }

    /// The route of a resource: listed under this URI, else prefixed with a server's name, else matching a
    /// template (the first in the configuration's order), else at the only server that has resources at all.
    /// - Complexity: O(URI bytes × templates) in the worst case; O(URI bytes) for a listed one.
    package func resource(_ uri: String) -> Route? {
        let bytes = [UInt8](uri.utf8)
        if let route = route(.resources, bytes.span) { return route }
        if let (name, rest) = PrefixedURI.split(uri), let server = servers[name] {
            return Self.unlisted(rest, at: server, index: nil)
        }
        guard bytes.count <= ItemList.maxNameBytes else { return nil }
        if let match = templates.first(where: { $0.template.matches(bytes.span) }) {
            return Self.unlisted(uri, at: match.route.server, index: match.route.index)
        }
        return soleResourceServer.map { Self.unlisted(uri, at: $0, index: nil) }
    }

    /// The same for a raw JSON value in a scanned message; nil if the value is not a string.
    package func resource(in message: [UInt8], _ value: ByteRange) -> Route? {
        if let route = route(.resources, in: message, value) { return route }
        guard !value.isEmpty, let uri = JSONView(message, value).string else { return nil }
        return resource(uri)
    }

    /// One page of a list.
    /// - Parameter cursor: from an earlier page; nil for the first.
    /// - Returns: nil when the cursor is not one of this snapshot's for this list: the request is answered
    ///   -32602.
    package func page(_ kind: ListKind, cursor: String? = nil) -> ListPage? {
        var offset = 0
        if let cursor {
            guard let place = Cursor(text: cursor), place.generation == generation, place.view == nameHash,
                place.kind == kind, place.offset > 0
            else { return nil }
            offset = Int(place.offset)
        }
        return lists[Int(kind.rawValue)].page(at: offset)
    }

    private static func unlisted(_ uri: String, at server: ServerID, index: Int?) -> Route {
        Route(server: server, upstreamName: uri, upstreamNameJSON: JSONWriter.quoted(uri), index: index)
    }

    /// The bytes between the quotes of a JSON string; `.some(nil)` if they hold escapes, nil if it is no
    /// string.
    private static func content(of value: ByteRange, in message: [UInt8]) -> Range<Int>?? {
        let range = value.range
        guard range.count >= 2, range.upperBound <= message.count,
            message[range.lowerBound] == UInt8(ascii: "\"")
        else { return nil }
        let content = range.lowerBound + 1..<range.upperBound - 1
        for index in content where message[index] == UInt8(ascii: "\\") { return .some(nil) }
        return content
    }
}
