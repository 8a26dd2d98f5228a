import Sessions
import Testing
import Wire

@Suite("The gateway's own failures") struct GatewayFailureTests {
    static let kinds: [(GatewayFailure.Kind, Int, String)] = [
        (.upstreamTimeout(afterMilliseconds: 30_000), 1001, "upstream_timeout"),
        (.upstreamUnavailable(.notReached), 1002, "upstream_unavailable"),
        (.circuitOpen, 1003, "circuit_open"), (.overloaded, 1004, "overloaded"),
        (.auditUnavailable, 1004, "audit"),
        (.messageTooLarge(limitBytes: 4), 1005, "message_too_large"),
        (.upstreamProtocolError(.resultIsNoObject), 1006, "upstream_protocol_error"),
        (.draining, 1007, "draining"),
    ]

    @Test("each failure has its code, its reason and the facts in error.data.attune", arguments: kinds)
    func asError(kind: GatewayFailure.Kind, code: Int, reason: String) throws {
        let failure = GatewayFailure(
            kind, server: "git", tool: "git__log", callID: "00ff", retryAfterMilliseconds: 1500)
        let message = try Message(text(failure.answer(id: raw("\"a\""), asToolResult: false, era: .legacy)))
        #expect(message.frame.kind == .error)
        #expect(message.frame.errorCode == code)
        let error = JSONView(message.bytes, message.frame.error)
        let facts = try #require(error["data"]?["attune"])
        #expect(facts["reason"]?.string == reason)
        #expect(facts["server"]?.string == "git")
        #expect(facts["tool"]?.string == "git__log")
        #expect(facts["call_id"]?.string == "00ff")
        #expect(facts["retry_after_ms"]?.int == 1500)
        #expect(error["message"]?.string?.hasSuffix(".") == true)
    }

    @Test("as a tool result the same facts stand in _meta and in words", arguments: kinds)
    func asResult(kind: GatewayFailure.Kind, code: Int, reason: String) throws {
        let failure = GatewayFailure(kind, server: "git", tool: "git__log", callID: "00ff")
        for era in [Era.legacy, .modern] {
            let answer = failure.answer(
                id: raw("7"), asToolResult: true, era: era, serverInfo: raw(#"{"name":"g"}"#))
            let message = try Message(text(answer))
            #expect(message.frame.kind == .result)
            #expect(message.frame.resultIsError)
            #expect(message.frame.resultType.isEmpty == (era == .legacy))
            let result = JSONView(message.bytes, message.frame.result)
            #expect(result["_meta"]?["attune"]?["reason"]?.string == reason)
            #expect(result["_meta"]?["attune"]?["retry_after_ms"] == nil)
            let info = result["_meta"]?.member("io.modelcontextprotocol/serverInfo")
            #expect((info != nil) == (era == .modern))
            let block = result["content"]?.elements.first { _ in true }
            #expect(block?["type"]?.string == "text")
            #expect(block?["text"]?.string?.contains("call 00ff") == true)
        }
    }

    @Test("only failures before the server saw the request prove that it was not carried out") func proof() {
        func proves(_ kind: GatewayFailure.Kind) -> Bool {
            GatewayFailure(kind, server: nil, tool: nil, callID: "").provesNonExecution
        }
        #expect(proves(.upstreamUnavailable(.notReached)))
        #expect(proves(.overloaded))
        #expect(proves(.circuitOpen))
        #expect(!proves(.upstreamUnavailable(.lostInFlight)))
        #expect(!proves(.upstreamTimeout(afterMilliseconds: 1)))
        #expect(!proves(.messageTooLarge(limitBytes: 1)))
    }

    @Test("an error may answer a message whose id is unknown") func nullID() throws {
        let answer = RPCError(code: ErrorCode.parseError, message: "no \"JSON\"").answer(id: nil)
        #expect(
            text(answer) == #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no \"JSON\""}}"#)
    }
}
