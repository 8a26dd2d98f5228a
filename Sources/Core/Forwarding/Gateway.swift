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
        var startsServers: Bool
        /// Servers that left the configuration and still have calls under way.
        var leaving: [ObjectIdentifier: ServerHub] = [:]
        var listings: [ServerID: ServerListing] = [:]
        var isRebuildScheduled = false
        var mustRebuild = false
        var afterRebuild: [@Sendable () -> Void] = []
        var changes = ListChanges()
        /// What is about to be announced; nil if nothing is.
        var announcement: ListChanges?
    }

    package let recorder: Recorder
    package let connector: any Connector
    /// What is written of calls into the shared region; nil without one.
    package let observation: GatewayObservation?
    /// What keeps account of calls; nil without one.
    let audit: (any CallAudit)?
    /// What ids and states that clients bring back are sealed with.
    let sealer: any TokenSealer
    let tasks: TaskIDs
    /// The gateway as a client of servers.
    let identity: ClientIdentity
    let serverInfo: [UInt8]
    let scanLimits: ScanLimits
    let sessions: SessionStore
    let memory: GatewayMemory
    let limiter = CallLimiter()
    let parkedCalls: ParkedCalls
    let strays = StrayFollowers()
    let listening = ListeningPrincipals()
    let eventBudget: EventBudget
    let log: Log
    let clock: @Sendable () -> MonotonicTime
    private let shared: Mutex<Shared>
    // Set once, before any loop serves.
    private let loopStore = Mutex<[LoopGateway]>([])

    private static let announcementMilliseconds = 150

    /// - Parameters:
    ///   - startsServers: false for a gateway whose servers wait for `startServers`, because it may yet fail
    ///     to listen.
    ///   - observation: has an observer for each loop.
    ///   - clock: what deadlines are measured by; that of the loops' timers.
    package init(
        plan: GatewayPlan, loops: [any Loop], connector: any Connector, sealer: any TokenSealer,
        recorder: Recorder, startsServers: Bool = true, observation: GatewayObservation? = nil,
        audit: (any CallAudit)? = nil,
        memory: GatewayMemory = GatewayMemory(),
        clock: @escaping @Sendable () -> MonotonicTime = { .now }
    ) {
        self.connector = connector
        self.observation = observation
        self.audit = audit
        self.sealer = sealer
        self.memory = memory
        sessions = SessionStore(sealer: sealer, account: memory.state)
        parkedCalls = ParkedCalls(account: memory.routing)
        eventBudget = EventBudget(account: memory.state)
        tasks = TaskIDs(sealer: sealer)
        self.recorder = recorder
        self.clock = clock
        log = recorder.log.component("gateway")
        identity = ClientIdentity.gateway(version: plan.version)
        serverInfo = Implementation.gateway(version: plan.version)
        scanLimits = plan.scanLimits
        var empty = plan
        empty.servers = []
        empty.variants = []
        let view = RoutingView(
            plan: empty, hubs: [], catalog: .empty, advice: AdviceBook(version: 0))
        shared = Mutex(Shared(view: view, startsServers: startsServers))
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
        for loop in loops { loop.run { loop.phase = self.phase } }
    }

    // MARK: Configuration

    /// Puts a plan into force: starts new servers, ends removed ones when their calls are answered, leaves
    /// the others alone. Must not be called twice at the same time.
    package func apply(_ plan: GatewayPlan) {
        let loops = self.loops
        let old = view
        var known = Dictionary(old.allHubs.map { ($0.plan.withoutAdvice, $0) }) { first, _ in first }
        var started: [ServerHub] = []
        func hub(_ server: ServerPlan) -> ServerHub {
            if let hub = known.removeValue(forKey: server.withoutAdvice) {
                hub.setLimits(server.advice)
                return hub
            }
            let hub = ServerHub(plan: server, home: loops[Int(server.id.rawValue) % loops.count])
            started.append(hub)
            return hub
        }
        let hubs = plan.servers.map(hub)
        let variants = Dictionary(plan.variants.map { ($0.key, hub($0.plan)) }) { first, _ in first }
        let kept = Set((hubs + variants.values).map(ObjectIdentifier.init))
        let removed = old.allHubs.filter { !kept.contains(ObjectIdentifier($0)) }
        let advice = AdviceBook.fixed(
            version: old.advice.version + 1,
            Dictionary((plan.servers + plan.variants.map(\.plan)).map { ($0.id, $0.advice) }) { first, _ in
                first
            })
        var changes = Self.changes(from: old, to: plan)
        shared.withLock { shared in
            for hub in removed {
                shared.leaving[ObjectIdentifier(hub)] = hub
                let listing = shared.listings.removeValue(forKey: hub.plan.id)
                for kind in ListKind.allCases where !Self.isSame(listing?[kind], nil) {
                    changes.note(kind, of: hub.plan.name)
                }
            }
            shared.view = RoutingView(
                plan: plan, hubs: hubs, variants: variants, catalog: build(plan, shared), advice: advice)
        }
        publish()
        announce(changes)
        for hub in removed { hub.retire() }
        if shared.withLock({ $0.startsServers }) { for hub in started { hub.start() } }
    }

    /// Starts the servers of a gateway that was made without.
    package func startServers() {
        let hubs = shared.withLock { shared in
            defer { shared.startsServers = true }
            return shared.startsServers ? [] : shared.view.allHubs
        }
        for hub in hubs { hub.start() }
    }

    /// What clients see differently although no server lists anything else: profiles, and the order of the
    /// servers.
    private static func changes(from old: RoutingView, to plan: GatewayPlan) -> ListChanges {
        var changes = ListChanges()
        let profiles = Dictionary(old.plan.profiles.map { ($0.name, $0) }) { first, _ in first }
        for profile in plan.profiles where profiles[profile.name].map({ $0 != profile }) ?? false {
            changes.note(profile: profile.name)
        }
        if old.plan.access.rules != plan.access.rules {
            for server in plan.servers {
                for kind in ListKind.allCases { changes.note(kind, of: server.name) }
            }
        }
        let names = Set(plan.servers.map(\.name))
        let oldOrder = old.hubs.map(\.plan.name).filter(names.contains)
        let oldNames = Set(oldOrder)
        guard plan.servers.map(\.name).filter(oldNames.contains) != oldOrder else { return changes }
        for name in oldOrder { for kind in ListKind.allCases { changes.note(kind, of: name) } }
        return changes
    }

    /// Cursors of one catalog must not fit another, so generations go up even if the wall clock steps back.
    private func build(_ plan: GatewayPlan, _ shared: Shared) -> Catalog {
        Catalog(
            generation: max(WallClock.microseconds, shared.view.catalog.generation + 1),
            servers: plan.servers.map(\.rules), listings: Array(shared.listings.values),
            profiles: plan.profiles, rules: plan.access.rules
        ) { [observation] kind, name in observation?.names.item(kind, name) ?? 0 }
    }

    /// Each loop takes the view that is in force when its turn comes, so that an older one never replaces a
    /// newer one.
    private func publish() {
        for loop in loops { loop.run { loop.view = self.view } }
    }

    /// A server that left the configuration has ended. Callable on any loop.
    func ended(_ hub: ServerHub) { shared.withLock { $0.leaving[ObjectIdentifier(hub)] = nil } }

    // MARK: Catalog

    /// Takes what a server lists; nil when it has been gone for long. A server that left the configuration
    /// has no say.
    /// - Parameter completion: called, on any loop, after every loop has been given the new catalog.
    func keep(
        _ listing: ServerListing?, of hub: ServerHub, completion: @escaping @Sendable () -> Void = {}
    ) {
        let mustSchedule = shared.withLock { shared -> Bool in
            if shared.view.hub(hub.plan.id) === hub {
                let old = shared.listings[hub.plan.id]
                shared.listings[hub.plan.id] = listing
                for kind in ListKind.allCases {
                    if !Self.isSame(old?[kind], listing?[kind]) {
                        shared.changes.note(kind, of: hub.plan.name)
                        shared.mustRebuild = true
                    } else if !Self.hasSameHints(old?[kind], listing?[kind]) {
                        shared.mustRebuild = true
                    }
                }
            }
            shared.afterRebuild.append(completion)
            defer { shared.isRebuildScheduled = true }
            return !shared.isRebuildScheduled
        }
        // The listings that arrive in one turn of the loop make one catalog.
        if mustSchedule { loops[0].loop.execute { self.rebuild() } }
    }

    /// Looks for the servers of resources that clients follow and whose own have gone. Callable on any loop.
    func findStrays() {
        let loop = loops[0]
        loop.run { self.strays.findAgain(on: loop) }
    }

    private static func isSame(_ left: ItemList?, _ right: ItemList?) -> Bool {
        guard let left, let right else { return (left?.items ?? []).isEmpty && (right?.items ?? []).isEmpty }
        return left.items.count == right.items.count
            && zip(left.items, right.items).allSatisfy { $0.bytes == $1.bytes }
    }

    /// Whether what clients do not see as a change is the same too: caching hints, and whether there is a
    /// list at all.
    private static func hasSameHints(_ left: ItemList?, _ right: ItemList?) -> Bool {
        (left == nil) == (right == nil) && left?.ttlMilliseconds == right?.ttlMilliseconds
            && left?.cacheScope == right?.cacheScope
    }

    private func rebuild() {
        let (completions, changes, isNew) = shared.withLock { shared in
            let isNew = shared.mustRebuild
            if isNew {
                shared.view = shared.view.with(catalog: build(shared.view.plan, shared))
            }
            defer {
                shared.isRebuildScheduled = false
                shared.mustRebuild = false
                shared.afterRebuild = []
                shared.changes = ListChanges()
            }
            return (shared.afterRebuild, shared.changes, isNew)
        }
        if isNew { publish() }
        findStrays()
        announce(changes)
        // Whatever a completion does on another loop comes after the catalog there.
        for completion in completions { completion() }
    }

    /// Tells clients that lists have changed; changes within a moment become one announcement.
    private func announce(_ changes: ListChanges) {
        guard !changes.isEmpty else { return }
        recorder.events.publish(.catalogChanged)
        let isFirst = shared.withLock { shared -> Bool in
            guard shared.announcement == nil else {
                shared.announcement?.merge(changes)
                return false
            }
            shared.announcement = changes
            return true
        }
        guard isFirst else { return }
        let loops = self.loops
        _ = loops[0].loop.schedule(after: .milliseconds(Self.announcementMilliseconds)) {
            guard let changes = self.shared.withLock({ $0.announcement.take() }) else { return }
            for loop in loops { loop.run { loop.streams.announce(changes, loop.view, loop.now) } }
        }
    }

    // MARK: Ending

    /// How many calls are under way; the completion is called on any loop.
    package func countCalls(_ completion: @escaping @Sendable (Int) -> Void) {
        let loops = self.loops
        let box = CountBox(missing: loops.count)
        for loop in loops {
            loop.run { if let sum = box.add(loop.calls.count + loop.parked.count) { completion(sum) } }
        }
    }

    /// Ends sessions, streams and servers; calls that are still under way are answered that the gateway
    /// stops.
    package func shutDown() {
        enter(.draining)
        for loop in loops { loop.run { loop.endCalls() } }
        for session in sessions.all { sessions.end(session.id) }
        for loop in loops { loop.run { loop.streams.endAll() } }
        let leaving = shared.withLock { Array($0.leaving.values) }
        for hub in view.allHubs + leaving { hub.remove() }
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
