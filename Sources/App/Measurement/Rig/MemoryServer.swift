import Sessions
import Wire

/// What a legacy MCP server without sessions would answer, from memory.
struct MemoryServer {
    struct Answer {
        var head: UpstreamHead
        var body: [UInt8]
    }

    private let tools: [UInt8]
    private let echoTail: [UInt8]
    private static let json = UpstreamHead(
        status: 200, content: .json, sessionID: nil, retryAfterSeconds: nil)
    private static let accepted = UpstreamHead(
        status: 202, content: .none, sessionID: nil, retryAfterSeconds: nil)
    private static let idLead = Array(#"{"jsonrpc":"2.0","id":"#.utf8)
    private static let callLead = Array(#","method":"tools/call""#.utf8)
    private static let facts = #"""
        {"protocolVersion":"2025-06-18","capabilities":{"tools":{"listChanged":true}},\#
        "serverInfo":{"name":"memory","version":"1"}}
        """#

    init(toolCount: Int) {
        tools = Payloads.toolList(count: toolCount)
        echoTail = Array(",\"result\":\(Payloads.echoResult)}".utf8)
    }

    func answer(_ request: [UInt8]) -> Answer {
        // The calls that are measured must cost the server as little as can be: they are not parsed.
        if let id = Self.callID(request) {
            var body: [UInt8] = []
            body.reserveCapacity(Self.idLead.count + id.count + echoTail.count)
            body.append(contentsOf: Self.idLead)
            body.append(contentsOf: id)
            body.append(contentsOf: echoTail)
            return Answer(head: Self.json, body: body)
        }
        guard let frame = try? Scanner.scan(request), frame.kind == .request else {
            return Answer(head: Self.accepted, body: [])
        }
        let id = Array(request[frame.id.range])
        switch Method(of: frame, in: request) {
        case .initialize: return Self.result(id, Array(Self.facts.utf8))
        case .toolsList: return Self.result(id, tools)
        default:
            let error = RPCError(code: ErrorCode.methodNotFound, message: "Method not found")
            return Answer(head: Self.json, body: error.answer(id: id))
        }
    }

    private static func result(_ id: [UInt8], _ result: [UInt8]) -> Answer {
        Answer(head: json, body: RPCResult.answer(id: id, result: result))
    }

    /// The number in a tool call that begins as the measured ones do; nil for everything else.
    private static func callID(_ request: [UInt8]) -> ArraySlice<UInt8>? {
        guard request.starts(with: idLead) else { return nil }
        var end = idLead.count
        while end < request.count, (0x30...0x39).contains(request[end]) { end += 1 }
        return request[end...].starts(with: callLead) ? request[idLead.count..<end] : nil
    }
}
