import Identifiers
import Routing
import Sessions
import Wire

/// The gateway on one event loop: takes what clients of the loop send and answers it.
package final class LoopGateway: @unchecked Sendable {
    // Proof of Sendable: `gateway` and `loop` are immutable; all else is touched on `loop` alone, and `run`
    // is the way in from elsewhere.
    struct Waiter<Value: Sendable>: Sendable {
        let loop: LoopGateway
        let completion: @Sendable (Value) -> Void
    }

    unowned let gateway: Gateway
    package let loop: any Loop
    var index: Int { loop.index }

    var view: RoutingView { didSet { credentials = [:] } }
    /// What became of credentials that clients showed before: bounded, and forgotten with the view.
    var credentials: [String: Authentication] = [:]
    var phase = Gateway.Phase.starting
    private(set) var calls: CallTable
    var parked: ParkedRequests
    let streams = StreamTable()
    /// Writes what is observed of calls into the shared region; nil without one.
    let observer: CallObserver?
    /// The last header values that were found acceptable, so that each client's are parsed once.
    var acceptedFields: (accept: String?, contentType: String?)?
    private var pools: [ObjectIdentifier: any HTTPUpstream] = [:]
    private var callIDs: CallIDSequence
    private var requestNumber = 1
    private var isClockRunning = false
    private var housekeeping: (any ScheduledWork)?

    private static let clockMilliseconds = 50
    private static let housekeepingMilliseconds = 15_000

    init(gateway: Gateway, loop: any Loop, startMicroseconds: UInt64, view: RoutingView) {
        self.gateway = gateway
        self.loop = loop
        self.view = view
        calls = CallTable(gateway.memory.routing)
        parked = ParkedRequests(gateway.memory.routing)
        observer = gateway.observation?.observers[loop.index]
        callIDs = CallIDSequence(loop: loop.index, startMicroseconds: startMicroseconds)
        loop.execute { [weak self] in self?.keepHouse() }
    }

    /// Runs `body` on the loop: at once if this is the loop already.
    func run(_ body: @escaping @Sendable () -> Void) {
        if loop.isCurrent { body() } else { loop.execute(body) }
    }

    /// Stops a debug build whose caller is on another loop than this one; costs nothing in a release.
    func assertCurrent() { assert(loop.isCurrent, "called on another loop") }

    func takeCallID() -> CallID { callIDs.take() }

    /// A JSON-RPC id for a request to a server: unique over all loops, small enough for any number type, and
    /// above those that handshakes use.
    func takeRequestID() -> Int {
        assertCurrent()
        requestNumber += 1
        return requestNumber << 6 | index
    }

    func pool(of hub: ServerHub) -> any HTTPUpstream {
        assertCurrent()
        let key = ObjectIdentifier(hub)
        if let pool = pools[key] { return pool }
        let pool = gateway.connector.httpUpstream(to: hub.plan.id, on: loop)
        // A late user of a server that has ended must not leave a pool behind.
        if hub.state == .removed { pool.retire() } else { pools[key] = pool }
        return pool
    }

    /// The server has ended.
    func retirePool(of hub: ServerHub) { pools.removeValue(forKey: ObjectIdentifier(hub))?.retire() }

    // MARK: Calls in flight

    /// - Returns: false if there is no room for it.
    func insert(_ call: Call) -> Bool {
        assertCurrent()
        guard calls.insert(call) else { return false }
        startClock()
        return true
    }

    func remove(_ call: Call) {
        assertCurrent()
        calls.remove(call)
        if call.isLimited { gateway.limiter.leave(call.incoming.client.principal) }
    }

    /// Gives up what a client has sent; it gets no answers.
    func cancel(where isWanted: (Incoming) -> Bool) {
        assertCurrent()
        for call in calls.all(where: { isWanted($0.incoming) }) { call.cancel() }
        for id in parked.all(where: isWanted) { cancelParked(id) }
    }

    /// Gives up one request.
    func cancel(_ key: Incoming.Key) {
        assertCurrent()
        if let call = calls.find(key) { return call.cancel() }
        if let id = parked.find(key) { cancelParked(id) }
    }

    /// The gateway stops: everything that is under way is answered so.
    func endCalls() {
        for call in calls.all { call.gatewayStops() }
        for call in gateway.parkedCalls.all(where: { $0.home === self }) { call.end(.clientGone) }
        for id in parked.all(where: { _ in true }) {
            if let incoming = parked.remove(id) { refuseDraining(incoming) }
        }
    }

    // MARK: Time

    var now: MonotonicTime { gateway.clock() }

    private func startClock() {
        guard !isClockRunning else { return }
        isClockRunning = true
        _ = loop.schedule(after: .milliseconds(Self.clockMilliseconds)) { [weak self] in self?.tick() }
    }

    private func tick() {
        isClockRunning = false
        for call in calls.past(now) { call.timeOut() }
        if calls.count > 0 { startClock() }
    }

    private func keepHouse() {
        streams.keepAlive()
        if index == 0 { gateway.sessions.expire(now: now) }
        housekeeping = loop.schedule(after: .milliseconds(Self.housekeepingMilliseconds)) { [weak self] in
            self?.keepHouse()
        }
    }

    // MARK: What clients see

    /// A server's answer as its client may see it: without the tools that the operator hides, and with the
    /// URI under which the client knows a resource.
    /// - Parameter frame: what the scanner found in the server's message.
    func shown(_ answer: [UInt8], _ frame: Frame, of call: Call) -> [UInt8] {
        if call.namesTasks(frame) {
            return exposingTasks(answer, of: call.target.hub, to: call.incoming.client)
        }
        if call.incoming.method == .toolsList { return shownTools(answer, of: call) }
        return call.target.exposedURI == nil ? answer : exposingURI(answer, of: call)
    }

    private func shownTools(_ answer: [UInt8], of call: Call) -> [UInt8] {
        let hub = call.hub
        let filter = hub.plan.rules.filter
        let isVisible = view.tools(of: hub, for: call.incoming.client.principal)
        // Who calls such a tool over HTTP could not say what it must in header fields.
        let dropsInvalidHeaders = hub.plan.transport == .http && hub.facts?.era == .modern
        guard filter != .all || dropsInvalidHeaders || isVisible != nil,
            let frame = try? Scanner.scan(answer, limits: gateway.scanLimits), frame.kind == .result
        else { return answer }
        return filter.apply(
            to: answer, result: JSONView(answer, frame.result), dropsInvalidHeaders: dropsInvalidHeaders,
            where: isVisible)
    }

    private func exposingURI(_ answer: [UInt8], of call: Call) -> [UInt8] {
        guard let exposed = call.target.exposedURI, let own = call.target.uri,
            let frame = try? Scanner.scan(answer, limits: gateway.scanLimits), frame.kind == .result,
            let contents = JSONView(answer, frame.result)["contents"], contents.kind == .array
        else { return answer }
        let ownURI = JSONView(own, ByteRange(start: 0, end: UInt32(own.count))).string
        var splice = Splice()
        for content in contents.elements {
            guard let uri = content["uri"], uri.string == ownURI else { continue }
            splice.replace(uri.range, with: exposed)
        }
        return splice.isEmpty ? answer : splice.apply(to: answer)
    }
}
