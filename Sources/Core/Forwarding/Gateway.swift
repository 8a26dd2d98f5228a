import Identifiers
import Routing
import Sessions
import Synchronization
import Telemetry
import Wire

/// The gateway: servers, sessions and catalog behind all loops. Used from any thread.
package final class Gateway: Sendable {
    package enum Phase: String, Sendable { case starting, running, draining }

    private struct Shared {
        var phase = Phase.starting
        var view: RoutingView
        var listings: [ServerID: ServerListing] = [:]
        var isRebuildScheduled = false
        var afterRebuild: [@Sendable () -> Void] = []
        var changed: Set<ListKind> = []
        var changedServers: Set<ServerID> = []
    }

    package let recorder: Recorder
    package let connector: any Connector
    /// The gateway as a client of servers.
    let identity: ClientIdentity
    let serverInfo: [UInt8]
    let scanLimits: ScanLimits
    let sessions = SessionStore()
    let log: Log
    private let shared: Mutex<Shared>
    // Set once, before any loop serves.
    private let loopStore = Mutex<[LoopGateway]>([])

    private static let announcementMilliseconds = 150

    package init(plan: GatewayPlan, loops: [any Loop], connector: any Connector, recorder: Recorder) {
        self.connector = connector
        self.recorder = recorder
        log = recorder.log.component("gateway")
        identity = ClientIdentity.gateway(version: plan.version)
        serverInfo = Implementation.gateway(version: plan.version)
        scanLimits = plan.scanLimits
        var empty = plan
        empty.servers = []
        let view = RoutingView(
            plan: empty, hubs: [], catalog: .empty, advice: AdviceBook(version: 0))
        shared = Mutex(Shared(view: view))
        let start = WallClock.microseconds
        let made = loops.map { LoopGateway(gateway: self, loop: $0, startMicroseconds: start, view: view) }
        loopStore.withLock { $0 = made }
        apply(plan)
    }

    package var loops: [LoopGateway] { loopStore.withLock { $0 } }
    var view: RoutingView { shared.withLock { $0.view } }
    package var phase: Phase { shared.withLock { $0.phase } }

    package func enter(_ phase: Phase) {
        shared.withLock { $0.phase = phase }
        for loop in loops { loop.run { loop.phase = phase } }
    }

    // MARK: Configuration

    /// Puts a plan into force: starts new servers, ends removed ones, leaves the others alone.
    package func apply(_ plan: GatewayPlan) {
        let loops = self.loops
        let old = view
        let known = Dictionary(old.hubs.map { ($0.plan, $0) }) { first, _ in first }
        var started: [ServerHub] = []
        let hubs = plan.servers.map { server -> ServerHub in
            if let hub = known[server] { return hub }
            let home = loops[Int(server.id.rawValue) % loops.count]
            let hub = ServerHub(plan: server, home: home)
            started.append(hub)
            return hub
        }
        let kept = Set(hubs.map(ObjectIdentifier.init))
        let removed = old.hubs.filter { !kept.contains(ObjectIdentifier($0)) }
        let advice = AdviceBook.fixed(
            version: old.advice.version + 1,
            Dictionary(plan.servers.map { ($0.id, $0.advice) }) { first, _ in first })
        shared.withLock { shared in
            for hub in removed { shared.listings[hub.plan.id] = nil }
            shared.view = RoutingView(
                plan: plan, hubs: hubs, catalog: Self.build(plan, Array(shared.listings.values)),
                advice: advice)
        }
        publish()
        if !removed.isEmpty || !old.hubs.isEmpty {
            announce(Set(ListKind.allCases), of: Set((removed + started).map(\.plan.id)))
        }
        for hub in removed { hub.remove() }
        for hub in started { hub.start() }
    }

    private static func build(_ plan: GatewayPlan, _ listings: [ServerListing]) -> Catalog {
        Catalog(
            generation: WallClock.microseconds, servers: plan.servers.map(\.rules), listings: listings,
            profiles: plan.profiles)
    }

    private func publish() {
        let view = self.view
        for loop in loops { loop.run { loop.view = view } }
    }

    // MARK: Catalog

    /// Takes what a server lists; nil when it has been gone for long.
    /// - Parameter completion: called, on any loop, after every loop has been given the new catalog.
    func keep(
        _ listing: ServerListing?, of server: ServerID, completion: @escaping @Sendable () -> Void = {}
    ) {
        let mustSchedule = shared.withLock { shared -> Bool in
            let old = shared.listings[server]
            shared.listings[server] = listing
            for kind in ListKind.allCases where !Self.isSame(old?[kind], listing?[kind]) {
                shared.changed.insert(kind)
                shared.changedServers.insert(server)
            }
            shared.afterRebuild.append(completion)
            defer { shared.isRebuildScheduled = true }
            return !shared.isRebuildScheduled
        }
        // The listings that arrive in one turn of the loop make one catalog.
        if mustSchedule { loops[0].loop.execute { self.rebuild() } }
    }

    private static func isSame(_ left: ItemList?, _ right: ItemList?) -> Bool {
        guard let left, let right else { return (left?.items ?? []).isEmpty && (right?.items ?? []).isEmpty }
        return left.items.count == right.items.count
            && zip(left.items, right.items).allSatisfy { $0.bytes == $1.bytes }
    }

    private func rebuild() {
        let (completions, changed, servers) = shared.withLock { shared in
            shared.isRebuildScheduled = false
            if !shared.changed.isEmpty {
                shared.view = shared.view.with(
                    catalog: Self.build(shared.view.plan, Array(shared.listings.values)))
            }
            defer {
                shared.afterRebuild = []
                shared.changed = []
                shared.changedServers = []
            }
            return (shared.afterRebuild, shared.changed, shared.changedServers)
        }
        if !changed.isEmpty {
            publish()
            announce(changed, of: servers)
        }
        for completion in completions { completion() }
    }

    /// Tells clients that lists have changed; changes within a moment become one announcement.
    private func announce(_ kinds: Set<ListKind>, of servers: Set<ServerID>) {
        recorder.events.publish(.catalogChanged)
        let loops = self.loops
        _ = loops[0].loop.schedule(after: .milliseconds(Self.announcementMilliseconds)) {
            for loop in loops { loop.run { loop.streams.announce(kinds, of: servers, view: loop.view) } }
        }
    }

    // MARK: Ending

    /// How many calls are under way; the completion is called on any loop.
    package func countCalls(_ completion: @escaping @Sendable (Int) -> Void) {
        let loops = self.loops
        let box = CountBox(missing: loops.count)
        for loop in loops {
            loop.run { if let sum = box.add(loop.calls.count) { completion(sum) } }
        }
    }

    /// Ends sessions, streams and servers.
    package func shutDown() {
        for session in sessions.all { sessions.end(session.id) }
        for loop in loops { loop.run { loop.streams.endAll() } }
        for hub in view.hubs { hub.remove() }
    }
}

private final class CountBox: Sendable {
    private let state: Mutex<(missing: Int, sum: Int)>

    init(missing: Int) { state = Mutex((missing, 0)) }

    /// - Returns: the sum once the last number came.
    func add(_ number: Int) -> Int? {
        state.withLock {
            $0.missing -= 1
            $0.sum += number
            return $0.missing == 0 ? $0.sum : nil
        }
    }
}
