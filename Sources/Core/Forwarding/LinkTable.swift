import Identifiers
import Sessions
import Synchronization

/// The open links of one server, whoever holds them: bounded, and closed together when the server ends. Used
/// from any loop.
final class LinkTable: Sendable {
    private struct Shared {
        var isClosed = false
        var open: [ObjectIdentifier: UpstreamLink] = [:]
        /// The links that serve clients without a session.
        var principals: [Principal: [ClientCapabilities: UpstreamLink]] = [:]
    }

    static let maxProcesses = 1024
    static let maxSessions = 65_536
    static let maxPrincipals = 1024
    /// The most links of one principal, each for other capabilities; beyond, one is used that declares less.
    static let maxPerPrincipal = 8

    private let limit: Int
    private let shared = Mutex(Shared())

    init(transport: ServerPlan.Transport) {
        limit = transport == .process ? Self.maxProcesses : Self.maxSessions
    }

    var count: Int { shared.withLock { $0.open.count } }

    /// Takes a link that is about to open.
    /// - Returns: why it may not open, if so.
    func insert(_ link: UpstreamLink) -> LinkFailure? {
        shared.withLock { shared in
            guard !shared.isClosed else { return .removed }
            guard shared.open.count < limit else { return .overloaded(retryAfterSeconds: 1) }
            shared.open[ObjectIdentifier(link)] = link
            return nil
        }
    }

    /// A link is dead.
    func remove(_ link: UpstreamLink) {
        _ = shared.withLock { $0.open.removeValue(forKey: ObjectIdentifier(link)) }
    }

    /// The principal's link that lives and declares these capabilities, else a new one; nil when there is no
    /// room, or the server has ended.
    /// - Parameter make: makes a link that declares what it is given.
    func link(
        for principal: Principal, declaring capabilities: ClientCapabilities,
        make: (ClientCapabilities) -> UpstreamLink
    ) -> UpstreamLink? {
        shared.withLock { shared in
            if let link = shared.principals[principal]?[capabilities], !link.isDead { return link }
            guard !shared.isClosed else { return nil }
            if shared.principals[principal] == nil, shared.principals.count >= Self.maxPrincipals {
                shared.principals = shared.principals.filter { $0.value.values.contains { !$0.isDead } }
                guard shared.principals.count < Self.maxPrincipals else { return nil }
            }
            var links = (shared.principals[principal] ?? [:]).filter { !$0.value.isDead }
            var declared = capabilities
            // The one that declares nothing always has its place.
            if links.count >= Self.maxPerPrincipal, !capabilities.isEmpty {
                let fitting = links.keys.filter { $0.isSubset(of: capabilities) }
                declared = fitting.max { $0.rawValue.nonzeroBitCount < $1.rawValue.nonzeroBitCount } ?? []
            }
            if let link = links[declared] { return link }
            let link = make(declared)
            links[declared] = link
            shared.principals[principal] = links
            return link
        }
    }

    /// The principal's links that live.
    func links(of principal: Principal) -> [UpstreamLink] {
        shared.withLock { ($0.principals[principal] ?? [:]).values.filter { !$0.isDead } }
    }

    /// From now on no link may open.
    /// - Returns: those that are open or opening.
    func closeAll() -> [UpstreamLink] {
        shared.withLock { shared in
            shared.isClosed = true
            defer {
                shared.open = [:]
                shared.principals = [:]
            }
            return Array(shared.open.values)
        }
    }
}
