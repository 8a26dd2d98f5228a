import Sessions
import Wire

/// The operations whose instructions the gate counts.
package enum Operation: String, CaseIterable, Sendable {
    case scanCall200B = "scan-call-200B"
    case scanCall2KB = "scan-call-2KB"
    case scanList100KB = "scan-list-100KB"
    case routeTool = "route-tool"
    case admitFinish = "admit-finish"
    case rewriteRequest = "rewrite-request"
    case bridgeSameEra = "bridge-result-same-era"
    case bridgeCrossEra = "bridge-result-cross-era"
    case listPage = "list-page"
    case messagePath = "message-path"
    case messagePathObserved = "message-path-observed"
    case messagePathAudited = "message-path-audited"

    /// Performs the operation so many times.
    /// - Returns: a number that depends on every result, so that no work can be left out.
    package func run(_ count: Int) throws(MeasurementFailure) -> Int {
        switch self {
        case .scanCall200B: try Self.scan(Payloads.call(tool: "a__echo", padding: 0), count)
        case .scanCall2KB: try Self.scan(Payloads.call(tool: "a__echo", padding: 1_880), count)
        case .scanList100KB: try Self.scan(Payloads.listAnswer(bytes: 100_000), count)
        case .routeTool: try RoutingWork().route(count)
        case .admitFinish: try RoutingWork().admit(count)
        case .rewriteRequest: try Self.rewrite(count)
        case .bridgeSameEra: try Self.bridge(to: .legacy, count)
        case .bridgeCrossEra: try Self.bridge(to: .modern, count)
        case .listPage: try Self.send(Payloads.listTools, toolsPerServer: 50, count)
        case .messagePath:
            try Self.send(Payloads.call(tool: "a__echo", padding: 0), toolsPerServer: 16, count)
        case .messagePathObserved:
            try Self.send(
                Payloads.call(tool: "a__echo", padding: 0), toolsPerServer: 16, isObserved: true, count)
        case .messagePathAudited:
            try Self.send(
                Payloads.call(tool: "a__echo", padding: 0), toolsPerServer: 16, audit: MemoryAudit(), count)
        }
    }

    private static func scan(_ message: [UInt8], _ count: Int) throws(MeasurementFailure) -> Int {
        var found = 0
        for _ in 0..<count {
            guard let frame = try? Scanner.scan(message) else { throw .payloadRefused }
            found &+= Int(frame.root.end)
        }
        return found
    }

    /// The name and the id are replaced, as in a call through the federated address.
    private static func rewrite(_ count: Int) throws(MeasurementFailure) -> Int {
        let message = Payloads.call(tool: "a__echo", padding: 0)
        guard let frame = try? Scanner.scan(message) else { throw .payloadRefused }
        let name = Array(#""echo""#.utf8)
        var found = 0
        for number in 0..<count {
            let edit = RequestEdit(id: Array(String(100_000 + number).utf8), name: name)
            found &+= RequestBridge.rewrite(message, frame, method: .toolsCall, edit).count
        }
        return found
    }

    /// A legacy server's answer becomes that of a client of some era.
    private static func bridge(to client: Era, _ count: Int) throws(MeasurementFailure) -> Int {
        let answer = Payloads.legacyAnswer
        guard let frame = try? Scanner.scan(answer) else { throw .payloadRefused }
        let context = ResultContext(
            id: [UInt8(ascii: "7")], method: .toolsCall, client: client, server: .legacy,
            serverInfo: Array(#"{"name":"memory","version":"1"}"#.utf8))
        var found = 0
        for _ in 0..<count {
            guard case .answer(let bytes) = ResultBridge.bridge(answer, frame, context) else {
                throw .payloadRefused
            }
            found &+= bytes.count
        }
        return found
    }

    private static func send(
        _ message: [UInt8], toolsPerServer: Int, isObserved: Bool = false, audit: MemoryAudit? = nil,
        _ count: Int
    ) throws(MeasurementFailure) -> Int {
        let gateway = try MemoryGateway(
            toolsPerServer: toolsPerServer, isObserved: isObserved, audit: audit)
        let request = gateway.request(message)
        let before = gateway.tally.answers
        for _ in 0..<count { gateway.send(request) }
        guard gateway.tally.answers - before == count else { throw .gatewayDidNotStart }
        return gateway.tally.bytes + (audit?.finish() ?? 0)
    }
}
