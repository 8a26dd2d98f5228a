import Identifiers
import Routing
import Sessions
import Synchronization
import Telemetry

/// One configured server: its control link, which lists and watches it, its state, and the calls that wait for it.
///
/// Supervision runs on the home loop; what other loops read stands behind a lock.
final class ServerHub: @unchecked Sendable {
    // Proof of Sendable: immutable properties, locks of their own, or (marked so) confined to the home loop.
    enum State: String, Sendable { case starting, up, down, removed }

    struct Status: Sendable {
        var state = State.starting
        var sinceMicroseconds = WallClock.microseconds
        var lastError: String?
        var restarts = 0
        var facts: ServerFacts?
        var processID: Int32?
        var channel: (any ProcessChannel & Sendable)?
        /// The era that the server was last found to speak; kept over restarts.
        var rememberedEra: Era?
        var listing: ServerListing?
        var standardErrorTail: [String] = []
    }

    let plan: ServerPlan
    let home: LoopGateway
    let log: Log
    private let status = Mutex(Status())
    let admission: Mutex<Admission<Call>>
    /// The links that serve clients without a session, one a principal.
    private let principalLinks = Mutex<[Principal: UpstreamLink]>([:])
    static let maxPrincipalLinks = 1024

    // Confined to the home loop.
    private var control: UpstreamLink?
    private var settleWaiters: [LoopGateway.Waiter<Status>] = []
    private var failedAttempts = 0
    private var lastAttempt = MonotonicTime(nanoseconds: 0)
    private var retry: (any ScheduledWork)?
    private(set) lazy var lists = ListKeeper(hub: self)
    private lazy var watcher = ServerWatcher(hub: self)
    private(set) lazy var spares = SpareProcesses(hub: self)

    private static let onDemandPauseNanoseconds: UInt64 = 500_000_000
    private static let firstRetryMilliseconds = 250
    private var maxRetryMilliseconds: Int { plan.transport == .http ? 3000 : 15_000 }

    init(plan: ServerPlan, home: LoopGateway) {
        self.plan = plan
        self.home = home
        log = home.gateway.recorder.log.component("upstream").server(plan.name)
        admission = Mutex(
            Admission(limit: plan.advice.concurrencyLimit, queueBound: plan.advice.queueBound))
    }

    var current: Status { status.withLock { $0 } }
    var gateway: Gateway { home.gateway }

    /// Callable on any loop.
    func start() { home.run { self.connect() } }

    // MARK: Links

    /// The link that serves everyone, if this server's calls need no link of their own. Callable on any loop.
    func commonLink() -> (UpstreamLink, ServerFacts)? {
        guard let link = commonControl.withLock({ $0 }), let facts = link.facts else { return nil }
        return (link, facts)
    }

    // The control link, published to all loops once it is ready and may serve all clients.
    private let commonControl = Mutex<UpstreamLink?>(nil)

    private func mayServeAll(_ facts: ServerFacts) -> Bool {
        if facts.era == .modern { return true }
        return plan.transport == .http ? facts.sessionID == nil : plan.isShared
    }

    /// The link for modern clients of a legacy server, which has state: one a principal.
    func link(for principal: Principal, on loop: LoopGateway) -> UpstreamLink? {
        principalLinks.withLock { links -> UpstreamLink? in
            if let link = links[principal], !link.isDead { return link }
            links = links.filter { !$0.value.isDead }
            guard links.count < Self.maxPrincipalLinks, current.state != .removed else { return nil }
            let link = UpstreamLink(
                hub: self, owner: plan.transport == .process ? home : loop, identity: gateway.identity,
                unsolicited: { _, _ in })
            links[principal] = link
            return link
        }
    }

    /// Waits until the first contact succeeded or failed; a server that is down is tried anew unless that was just
    /// done. The completion runs on `loop`.
    func settle(from loop: LoopGateway, _ completion: @escaping @Sendable (Status) -> Void) {
        let status = current
        if status.state == .up || status.state == .removed { return completion(status) }
        home.run {
            let status = self.current
            if status.state == .down,
                MonotonicTime.now.nanoseconds(since: self.lastAttempt) > Self.onDemandPauseNanoseconds
            {
                self.connect()
            }
            let isTrying = self.control.map { !$0.isDead && $0.facts == nil } ?? false
            guard isTrying, self.settleWaiters.count < UpstreamLink.maxWaiters else {
                return loop.run { completion(status) }
            }
            self.settleWaiters.append(LoopGateway.Waiter(loop: loop, completion: completion))
        }
    }

    // MARK: Supervision, on the home loop

    private func connect() {
        retry?.cancel()
        retry = nil
        guard current.state != .removed else { return }
        if let control, !control.isDead { return }
        lastAttempt = .now
        let link = UpstreamLink(
            hub: self, owner: home, identity: gateway.identity, unsolicited: { _, _ in },
            onClosed: { [weak self] link, failure in
                if let self, self.control === link { self.controlClosed(failure) }
            })
        control = link
        link.open(from: home) { result in
            guard self.control === link else { return }
            switch result {
            case .success(let facts): self.becameReady(link, facts)
            case .failure(let failure): self.wentDown(failure)
            }
        }
    }

    private func becameReady(_ link: UpstreamLink, _ facts: ServerFacts) {
        failedAttempts = 0
        if mayServeAll(facts) { commonControl.withLock { $0 = link } }
        status.withLock {
            $0.facts = facts
            $0.processID = link.channel?.processID
            $0.channel = link.channel
        }
        // Whoever waits for the server waits for its lists too: a name can't be looked up before.
        lists.refresh { [weak self] in
            guard let self, self.control === link, !link.isDead else { return }
            self.enter(.up, error: nil)
            self.watcher.watch(link, facts)
            self.spares.fill()
        }
    }

    private func controlClosed(_ failure: LinkFailure) {
        status.withLock { $0.restarts += 1 }
        wentDown(failure)
    }

    /// The server can't be used: it is tried again after a pause that grows. Called on the home loop.
    func wentDown(_ failure: LinkFailure) {
        commonControl.withLock { $0 = nil }
        watcher.stop()
        let dead = control
        control = nil
        status.withLock {
            $0.processID = nil
            $0.channel = nil
        }
        dead?.die(failure)
        guard current.state != .removed else { return }
        enter(.down, error: failure.text)
        let exponent = min(failedAttempts, 8)
        failedAttempts += 1
        let ceiling = min(Self.firstRetryMilliseconds << exponent, maxRetryMilliseconds)
        let delay = Int.random(in: ceiling / 2...ceiling)
        retry?.cancel()
        retry = home.loop.schedule(after: .milliseconds(delay)) { [weak self] in self?.connect() }
    }

    /// A call could not reach the server. Callable on any loop.
    func noteUnreachable(_ failure: LinkFailure) {
        guard plan.transport == .http else { return }
        home.run {
            if self.current.state == .up { self.controlClosed(failure) }
        }
    }

    private func enter(_ state: State, error: String?) {
        let changed = status.withLock { status -> Bool in
            let changed = status.state != state
            if changed { status.sinceMicroseconds = WallClock.microseconds }
            status.state = state
            if let error {
                let lastWords = status.standardErrorTail.last.map { "; it last wrote: \($0)" } ?? ""
                status.lastError = error + lastWords
            }
            return changed
        }
        if changed {
            if state == .down {
                log.warn("server is down", ["reason": .string(error ?? "")])
            } else {
                log.info("server is \(state.rawValue)")
            }
            gateway.recorder.events.publish(
                .server(name: plan.name, state: state.rawValue, detail: error ?? ""))
        }
        let waiting = settleWaiters
        settleWaiters = []
        let status = current
        for waiter in waiting { waiter.loop.run { waiter.completion(status) } }
    }

    /// The last lines that a process wrote before it ended. Callable on any loop.
    func keepStandardError(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        status.withLock { $0.standardErrorTail = lines }
    }

    func remember(_ facts: ServerFacts) { status.withLock { $0.rememberedEra = facts.era } }
    func rememberEra(_ era: Era) { status.withLock { $0.rememberedEra = era } }
    func keepListing(_ listing: ServerListing) { status.withLock { $0.listing = listing } }

    /// The server said that one of its lists changed. Callable on any loop.
    func listChanged(_ method: Method) {
        home.run { self.lists.noteChange() }
    }

    /// The last lines that the server's process wrote to standard error. Callable on any loop.
    var standardErrorTail: [String] {
        let (channel, kept) = status.withLock { ($0.channel, $0.standardErrorTail) }
        return channel?.standardErrorTail ?? kept
    }

    var controlLink: UpstreamLink? { control }
    var launcher: any ProcessLauncher { gateway.connector.launcher(of: plan.id) }

    /// A process that was started ahead, for a link of the home loop.
    func takeSpare(for link: UpstreamLink) -> (any ProcessChannel & Sendable)? {
        home.loop.isCurrent && link !== control ? spares.take(for: link) : nil
    }

    /// Ends everything: the server left the configuration, or the gateway stops. Callable on any loop.
    func remove() {
        home.run {
            self.enter(.removed, error: nil)
            self.retry?.cancel()
            self.retry = nil
            self.watcher.stop()
            self.spares.drain()
            self.commonControl.withLock { $0 = nil }
            self.control?.close()
            self.control = nil
            for link in self.principalLinks.withLock({ Array($0.values) }) { link.close() }
            for call in self.admission.withLock({ $0.withdrawAll() }) { call.serverRemoved() }
        }
    }
}
