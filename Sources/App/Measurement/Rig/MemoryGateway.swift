import Forwarding
import Identifiers
import Identity
import Routing
import Sessions
import Telemetry

/// The real forwarding of one loop between a client and two servers in memory: everything but the transports.
///
/// The client speaks 2025-06-18 in a session and calls through the federated address, as do the servers
/// without one.
final class MemoryGateway {
    private static let toolsPerServer = 16
    private static let setUpTurns = 1000

    private let loop = CallingLoop()
    private let upstream: MemoryUpstream
    private let gateway: Gateway
    private let front: LoopGateway
    private var headers = HTTPRequest.Headers()
    let tally = DiscardingExchange.Tally()

    /// - Parameters:
    ///   - isObserved: whether each call is written into a segment of shared memory.
    ///   - audit: takes note of each call.
    init(
        toolsPerServer: Int = MemoryGateway.toolsPerServer, isObserved: Bool = false,
        audit: MemoryAudit? = nil
    ) throws(MeasurementFailure) {
        upstream = MemoryUpstream(MemoryServer(toolCount: toolsPerServer))
        let servers = ["a", "b"].enumerated().map { index, name in
            ServerPlan(
                rules: ServerRules(id: ServerID(UInt16(index + 1)), name: name), transport: .http,
                isShared: true, advice: .standard, prewarm: 0)
        }
        gateway = Gateway(
            plan: GatewayPlan(
                servers: servers, profiles: [], failuresAreErrors: false, maxMessageBytes: 4 << 20,
                version: GatewayVersion.text),
            loops: [loop], connector: upstream, sealer: KeyedSealer(key: SealingKey()),
            recorder: Recorder(loops: 1, version: GatewayVersion.text, log: .none),
            observation: isObserved ? try MemoryRegion.observation(of: loop) : nil, audit: audit)
        guard let front = gateway.loops.first else { throw .gatewayDidNotStart }
        self.front = front
        gateway.enter(.running)
        settle()
        try open()
    }

    deinit {
        gateway.shutDown()
        settle()
    }

    private func settle() {
        for _ in 0..<Self.setUpTurns where !(loop.runDue() || upstream.deliver()) { return }
    }

    private func open() throws(MeasurementFailure) {
        headers.accept = "application/json, text/event-stream"
        headers.contentType = "application/json"
        headers.protocolVersion = "2025-06-18"
        send(request(Payloads.initialize))
        settle()
        headers.sessionID = tally.last?.headers.sessionID
        guard headers.sessionID != nil else { throw .gatewayDidNotStart }
        send(request(Payloads.initialized))
        send(request(Payloads.call(tool: "a__echo", padding: 0)))
        guard let answer = tally.last, answer.status == 200,
            answer.body.starts(with: #"{"jsonrpc":"2.0","id":7,"result""#.utf8)
        else { throw .gatewayDidNotStart }
        tally.keepsLast = false
    }

    /// A client's request as the transport hands it over.
    func request(_ body: [UInt8]) -> HTTPRequest {
        HTTPRequest(verb: .post, path: "/mcp", query: "", headers: headers, body: body)
    }

    /// Sends one request; when this returns, its answer has been counted.
    func send(_ request: HTTPRequest) {
        front.received(request, DiscardingExchange(loop, tally))
        upstream.deliver()
    }
}
