import Identifiers
import Routing
import Sessions
import Synchronization
import Telemetry
import Wire

/// One configured server: its control link, which lists and watches it, its state, and the calls that wait
/// for it.
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
    /// The server's name in the shared region; 0 where there is none.
    let observedID: UInt32
    let log: Log
    let launcher: any ProcessLauncher
    private let status = Mutex(Status())
    let admission: Mutex<Admission<Call>>
    let links: LinkTable
    /// Who hears of tasks from the server's process, by the id of the request that asked to.
    private let taskListeners = Mutex<[Int: @Sendable ([UInt8], Frame) -> Void]>([:])
    private static let maxTaskListeners = 4096
    // The control link, published to all loops once it is ready and may serve all clients.
    private let commonControl = Mutex<UpstreamLink?>(nil)

    // Confined to the home loop.
    private var control: UpstreamLink?
    private var settleWaiters: [LoopGateway.Waiter<Status>] = []
    private var failedAttempts = 0
    private var lastAttempt: MonotonicTime?
    private var retry: (any ScheduledWork)?
    /// Takes the lists of a server that stays away out of the catalog.
    private var forgetting: (any ScheduledWork)?
    private var isRetiring = false
    private(set) lazy var lists = ListKeeper(hub: self)
    private(set) lazy var watcher = ServerWatcher(hub: self)
    private(set) lazy var feeds = ResourceFeeds(hub: self)
    private(set) lazy var spares = SpareProcesses(hub: self)

    private static let onDemandPauseMilliseconds = 500
    private static let firstRetryMilliseconds = 250
    private static let forgettingMilliseconds = 30_000
    /// How long a server that left the configuration may take for its last calls.
    private static let retirementMilliseconds = 120_000
    private static let retirementCheckMilliseconds = 50
    private var maxRetryMilliseconds: Int { plan.transport == .http ? 3000 : 15_000 }

    init(plan: ServerPlan, home: LoopGateway) {
        self.plan = plan
        self.home = home
        observedID = home.gateway.observation?.names.server(plan.name) ?? 0
        log = home.gateway.recorder.log.component("upstream").server(plan.name)
        launcher = home.gateway.connector.launcher(of: plan.id)
        links = LinkTable(transport: plan.transport)
        admission = Mutex(
            Admission(limit: plan.advice.concurrencyLimit, queueBound: plan.advice.queueBound))
    }

    var current: Status { status.withLock { $0 } }
    var state: State { status.withLock { $0.state } }
    var facts: ServerFacts? { status.withLock { $0.facts } }
    var gateway: Gateway { home.gateway }

    /// Callable on any loop.
    func start() { home.run { self.connect() } }

    /// The numbers of the configuration have changed. Callable on any thread.
    func setLimits(_ advice: Advice) {
        let started = admission.withLock {
            $0.setLimits(limit: advice.concurrencyLimit, queueBound: advice.queueBound)
        }
        for call in started { call.loop.loop.execute { call.run() } }
    }

    // MARK: Links

    /// The link that serves everyone, if this server's calls need no link of their own. Callable on any loop.
    func commonLink() -> (UpstreamLink, ServerFacts)? {
        guard let link = commonControl.withLock({ $0 }), let facts = link.facts else { return nil }
        return (link, facts)
    }

    /// Whether one link serves all clients.
    func servesAll(_ facts: ServerFacts) -> Bool {
        if facts.era == .modern { return true }
        return plan.transport == .http ? facts.sessionID == nil : plan.isShared
    }

    /// The link for modern clients of a legacy server, which has state: one a principal and what it declares.
    func link(
        for principal: Principal, declaring capabilities: ClientCapabilities, on loop: LoopGateway
    ) -> UpstreamLink? {
        links.link(for: principal, declaring: capabilities) { declared in
            var identity = gateway.identity
            identity.capabilities = declared.raw
            let link = UpstreamLink(
                hub: self, owner: plan.transport == .process ? home : loop, identity: identity,
                servesModern: true,
                unsolicited: { [weak self] message, method in
                    guard let self else { return }
                    switch method {
                    case .resourceUpdated: self.resourceUpdated(message, .principal(principal, declared))
                    case .toolsListChanged, .promptsListChanged, .resourcesListChanged:
                        self.gateway.listChanged(method, of: self.plan.name, for: principal)
                    default: break
                    }
                },
                onClosed: { [weak self] link, _ in
                    self?.linkEnded(link, of: .principal(principal, declared))
                })
            // Servers also ask on the stream that belongs to no call.
            link.hear(!declared.isEmpty, for: .questions)
            gateway.hearLists(on: link, for: principal)
            return link
        }
    }

    /// Waits until the first contact succeeded or failed; a server that is down is tried anew unless that was
    /// just done. The completion runs on `loop`.
    func settle(from loop: LoopGateway, _ completion: @escaping @Sendable (Status) -> Void) {
        let status = current
        if status.state == .up || status.state == .removed { return completion(status) }
        home.run {
            if self.mayTryOnDemand { self.connect() }
            // A server whose handshake is done is still being asked for its lists.
            let isTrying = self.control.map { !$0.isDead } ?? false
            let status = self.current
            guard isTrying, status.state != .up, self.settleWaiters.count < UpstreamLink.maxWaiters else {
                return loop.run { completion(status) }
            }
            self.settleWaiters.append(LoopGateway.Waiter(loop: loop, completion: completion))
        }
    }

    /// The pause grows with the failures, so that calls do not start a broken server over and over.
    private var mayTryOnDemand: Bool {
        guard control == nil, !isRetiring else { return false }
        guard let lastAttempt else { return true }
        let pause = Self.onDemandPauseMilliseconds << min(max(failedAttempts - 1, 0), 2)
        return gateway.clock() >= lastAttempt.advanced(byMilliseconds: pause)
    }

    // MARK: Supervision, on the home loop

    private func connect() {
        home.assertCurrent()
        retry?.cancel()
        retry = nil
        guard state != .removed, !isRetiring else { return }
        if let control, !control.isDead { return }
        lastAttempt = gateway.clock()
        let link = UpstreamLink(
            hub: self, owner: home, identity: gateway.identity,
            unsolicited: { [weak self] message, method in
                if method == .resourceUpdated { self?.resourceUpdated(message, .everyone) }
            },
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
        home.assertCurrent()
        if servesAll(facts) { commonControl.withLock { $0 = link } }
        status.withLock {
            $0.facts = facts
            $0.processID = link.channel?.processID
            $0.channel = link.channel
        }
        // Whoever waits for the server waits for its lists too: a name can't be looked up before.
        lists.begin { [weak self] in
            guard let self, self.control === link, !link.isDead else { return }
            self.failedAttempts = 0
            self.enter(.up, error: nil)
            self.watcher.watch(link, facts)
            self.feeds.serverIsUp(facts)
            self.spares.fill()
        }
    }

    private func controlClosed(_ failure: LinkFailure) {
        status.withLock { $0.restarts += 1 }
        wentDown(failure)
    }

    /// The server can't be used: it is tried again after a pause that grows.
    private func wentDown(_ failure: LinkFailure) {
        home.assertCurrent()
        let dead = control
        control = nil
        commonControl.withLock { $0 = nil }
        watcher.stop()
        lists.stop()
        lastAttempt = gateway.clock()
        status.withLock {
            $0.processID = nil
            $0.channel = nil
        }
        if let dead { feeds.serverIsDown(dead) }
        dead?.close(failure)
        guard state != .removed else { return }
        let exponent = min(failedAttempts, 8)
        failedAttempts += 1
        enter(.down, error: failure.text)
        guard control == nil, !isRetiring else { return }
        let ceiling = min(Self.firstRetryMilliseconds << exponent, maxRetryMilliseconds)
        let delay = Int.random(in: ceiling / 2...ceiling)
        retry?.cancel()
        retry = home.loop.schedule(after: .milliseconds(delay)) { [weak self] in self?.connect() }
    }

    /// A call could not reach the server. Callable on any loop.
    func noteUnreachable(_ failure: LinkFailure) {
        guard plan.transport == .http else { return }
        home.run {
            if self.state == .up { self.controlClosed(failure) }
        }
    }

    private func enter(_ state: State, error: String?) {
        home.assertCurrent()
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
        if changed { tell(state, error) }
        if state == .down { forgetLater() } else { remember() }
        let waiting = settleWaiters
        settleWaiters = []
        let status = current
        for waiter in waiting { waiter.loop.run { waiter.completion(status) } }
    }

    private func tell(_ state: State, _ error: String?) {
        if state == .down {
            log.warn("server is down", ["reason": .string(error ?? "")])
        } else {
            log.info("server is \(state.rawValue)")
        }
        gateway.recorder.events.publish(
            .server(name: plan.name, state: state.rawValue, detail: error ?? ""))
    }

    private func forgetLater() {
        guard forgetting == nil else { return }
        let delay = Duration.milliseconds(Self.forgettingMilliseconds)
        forgetting = home.loop.schedule(after: delay) { [weak self] in
            guard let self, self.state == .down else { return }
            self.status.withLock { $0.listing = nil }
            self.gateway.keep(nil, of: self)
        }
    }

    private func remember() {
        forgetting?.cancel()
        forgetting = nil
    }

    /// The last lines that a process wrote before it ended. Callable on any loop.
    func keepStandardError(_ lines: [String]) {
        guard !lines.isEmpty else { return }
        status.withLock { $0.standardErrorTail = lines }
    }

    func rememberEra(_ era: Era) { status.withLock { $0.rememberedEra = era } }
    func keepListing(_ listing: ServerListing) { status.withLock { $0.listing = listing } }

    /// The server said that one of its lists changed. Callable on any loop.
    func listChanged() {
        home.run { self.lists.noteChange() }
    }

    /// Hands what the server says of tasks under a subscription to a listener; nil ends that. Callable on any
    /// loop, as is the listener called.
    /// - Returns: false if there are too many.
    @discardableResult
    func hearTasks(_ subscription: Int, _ listener: (@Sendable ([UInt8], Frame) -> Void)?) -> Bool {
        taskListeners.withLock { listeners in
            guard listener == nil || listeners.count < Self.maxTaskListeners else { return false }
            listeners[subscription] = listener
            return true
        }
    }

    /// The server's process said something of a task. Callable on any loop.
    func heardTask(_ message: [UInt8], _ frame: Frame) {
        guard !frame.paramsMeta.isEmpty,
            let id = JSONView(message, frame.paramsMeta).member(MetaKey.subscriptionID)?.int
        else { return }
        Int(exactly: id).flatMap { id in taskListeners.withLock { $0[id] } }?(message, frame)
    }

    /// Asks for the server's lists now.
    /// - Parameter completion: called on `loop` when every loop knows them, or the server failed to list.
    func relist(from loop: LoopGateway, _ completion: @escaping @Sendable () -> Void) {
        home.run { self.lists.refresh { loop.run(completion) } }
    }

    /// The last lines that the server's process wrote to standard error. Callable on any loop.
    var standardErrorTail: [String] {
        let (channel, kept) = status.withLock { ($0.channel, $0.standardErrorTail) }
        return channel?.standardErrorTail ?? kept
    }

    var controlLink: UpstreamLink? { control }

    /// A process that was started ahead, for a link of the home loop.
    func takeSpare(for link: UpstreamLink) -> (any ProcessChannel & Sendable)? {
        home.loop.isCurrent && link !== control ? spares.take(for: link) : nil
    }

    // MARK: Ending

    /// The server left the configuration: it ends when its last calls are answered. Callable on any loop.
    func retire() {
        home.run {
            self.isRetiring = true
            self.retry?.cancel()
            self.retry = nil
            self.feeds.close()
            self.watcher.stop()
            self.spares.drain()
            let last = self.gateway.clock().advanced(byMilliseconds: Self.retirementMilliseconds)
            self.removeWhenIdle(last)
        }
    }

    /// Looks after a while only, since calls may just be on their way here from loops with the earlier
    /// configuration.
    private func removeWhenIdle(_ last: MonotonicTime) {
        let delay = Duration.milliseconds(Self.retirementCheckMilliseconds)
        _ = home.loop.schedule(after: delay) {
            guard self.state != .removed else { return }
            let isIdle = self.admission.withLock { $0.running == 0 && $0.waiting == 0 }
            if isIdle || self.gateway.clock() >= last { self.remove() } else { self.removeWhenIdle(last) }
        }
    }

    /// Ends everything now. Callable on any loop.
    func remove() {
        home.run {
            guard self.state != .removed else { return }
            self.control = nil
            self.commonControl.withLock { $0 = nil }
            self.retry?.cancel()
            self.retry = nil
            self.feeds.close()
            self.watcher.stop()
            self.lists.stop()
            self.spares.drain()
            self.enter(.removed, error: nil)
            self.status.withLock { $0.channel = nil }
            for link in self.links.closeAll() { link.close(.removed) }
            for call in self.admission.withLock({ $0.withdrawAll() }) { call.serverRemoved() }
            // After the links, whose last words go out on the pools.
            for loop in self.gateway.loops { loop.run { loop.retirePool(of: self) } }
            self.gateway.ended(self)
        }
    }
}
