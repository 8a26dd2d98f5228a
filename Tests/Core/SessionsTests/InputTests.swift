import Identifiers
import Sessions
import Testing
import Wire

@Suite("What servers ask of clients") struct InputTests {
    @Test(
        "a client's capabilities are read as flags; an elicitation without modes means forms",
        arguments: [
            (#"{}"#, [], #"{}"#), ("[]", [], "{}"), (#"{"sampling":1,"roots":null}"#, [], "{}"),
            (#"{"elicitation":{}}"#, .elicitationForm, #"{"elicitation":{"form":{}}}"#),
            (#"{"elicitation":{"url":{}}}"#, .elicitationURL, #"{"elicitation":{"url":{}}}"#),
            (
                #"{"elicitation":{"url":{},"form":{}},"roots":{"listChanged":true},"x":{}}"#,
                [.elicitationURL, .elicitationForm, .roots],
                #"{"elicitation":{"form":{},"url":{}},"roots":{}}"#
            ),
            (
                #"{"sampling":{"tools":{}},"tasks":{}}"#, [.sampling, .samplingTools, .tasks],
                #"{"sampling":{"tools":{}},"tasks":{}}"#
            ),
        ] as [(String, ClientCapabilities, String)])
    func capabilities(written: String, flags: ClientCapabilities, again: String) throws {
        #expect(try ClientCapabilities(view(written)) == flags)
        #expect(text(flags.raw) == again)
        #expect(ClientCapabilities(raw: flags.raw) == flags)
    }

    @Test(
        "a legacy server's request is refused by what the client lacks",
        arguments: [
            ("sampling/createMessage", "{}", "{}", -32601), ("roots/list", "{}", #"{"roots":{}}"#, nil),
            ("sampling/createMessage", #"{"tools":[]}"#, #"{"sampling":{}}"#, -32602),
            ("sampling/createMessage", #"{"toolChoice":{}}"#, #"{"sampling":{"tools":{}}}"#, nil),
            ("elicitation/create", #"{"mode":"url"}"#, #"{"elicitation":{}}"#, -32602),
            ("elicitation/create", #"{"mode":"url"}"#, "{}", -32601),
            ("elicitation/create", "{}", #"{"elicitation":{"url":{}}}"#, -32602),
            ("tools/call", "{}", #"{"roots":{}}"#, -32601), ("new/thing", "{}", "{}", -32601),
        ] as [(String, String, String, Int?)])
    func refusals(method: String, params: String, declared: String, code: Int?) throws {
        let refusal = InputDemand.refusal(
            Sessions.Method(method), named: method, params: try view(params),
            declared: try ClientCapabilities(view(declared)), passesUnknown: false)
        #expect(refusal?.code == code)
    }

    @Test("methods that no revision defines pass where the server is seen as it is") func unknown() {
        #expect(
            InputDemand.refusal(.other, named: "new/thing", params: nil, declared: [], passesUnknown: true)
                == nil)
    }

    @Test("a result that asks for input is read, and what is missing found") func inputRequired() throws {
        let input = try #require(
            try InputRequired(
                view(
                    #"""
                    {"resultType":"input_required","requestState":"a\n","inputRequests":{"k\"":\#
                    {"method":"roots/list"},"e":{"method":"elicitation/create","params":{"mode":"url"}}}}
                    """#)))
        #expect(input.requests.map(\.key) == ["k\"", "e"])
        #expect(input.state.map(text) == #""a\n""#)
        #expect(input.missing(from: .roots) == .elicitationURL)
        #expect(text(InputRequired.refusal(.elicitationURL).data ?? []).contains(#""url":{}"#))
        let members = InputRequired.retry(
            responses: input.requests.map { (key: $0.key, value: raw("{}")) }, state: input.state)
        let request = raw(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","requestState":3}}"#)
        let retry = text(InputBridge.adding(members, to: request, .standard))
        #expect(
            retry == #"""
                {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"inputResponses":{"k\"":{},"e":{}},\#
                "requestState":"a\n","name":"a"}}
                """#)
    }

    @Test(
        "a malformed request for input is none",
        arguments: [
            "{}", #"{"inputRequests":[]}"#, #"{"inputRequests":{}}"#, #"{"requestState":1}"#,
            #"{"inputRequests":{"a":{}}}"#, #"{"inputRequests":{"a":1}}"#,
            #"{"inputRequests":{"a":{"method":"roots/list","params":[]}}}"#,
        ])
    func malformed(result: String) throws { #expect(try InputRequired(view(result)) == nil) }

    @Test("questions and answers change as the other era wants them") func bridging() throws {
        let url = raw(#"{"mode":"url","url":"u"}"#)
        let named = InputBridge.legacyParams(.elicitationCreate, url, elicitationID: "x")
        #expect(named.map(text) == #"{"elicitationId":"x","mode":"url","url":"u"}"#)
        #expect(InputBridge.legacyParams(.samplingCreateMessage, url, elicitationID: "x") == url)
        let legacy = try Message(
            #"""
            {"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{"elicitationId":"x",\#
            "_meta":{"progressToken":1},"mode":"url","task":{}}, "x":1}
            """#)
        #expect(
            text(InputBridge.question(legacy.bytes, legacy.frame))
                == #"{"method":"elicitation/create","params":{"mode":"url"}}"#)
        let error = try Message(#"{"jsonrpc":"2.0","id":1,"error":{"code":-1,"message":"no"}}"#)
        #expect(
            InputBridge.response(.elicitationCreate, error.bytes, error.frame).map(text)
                == #"{"action":"cancel"}"#)
        #expect(InputBridge.response(.samplingCreateMessage, error.bytes, error.frame) == nil)
        #expect(InputBridge.refusal(.samplingCreateMessage, error.bytes, error.frame).code == -1)
        #expect(text(InputBridge.modernCapabilities(raw(#"{"tasks":{},"roots":{}}"#))) == #"{"roots":{}}"#)
    }

    @Test("equal parameters have one canonical form, whatever their order, escapes and white space")
    func canonical() throws {
        let one = try Message(
            #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":[1, {"y":null,"x":"é"}],"name":"n","_meta":{}}}"#
        )
        let other = try Message(
            #"""
            {"method":"m","params":{"requestState":"s","name":"n",
             "inputResponses":{},"a":[1,{"x":"\u00e9","y":null}]},"id":2,"jsonrpc":"2.0"}
            """#)
        let different = try Message(#"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":[],"name":"n"}}"#)
        let forms = [one, other, different].map { InputBridge.identity($0.bytes, $0.frame) }
        #expect(forms[0] == forms[1] && forms[0] != forms[2])
    }

    @Test("a state is read as it was written, and nothing else is") func states() {
        let state = RequestState(
            instance: .max, call: 7, madeAt: MonotonicTime(nanoseconds: 1 << 40))
        #expect(RequestState(bytes: state.bytes) == state)
        for length in 0..<state.bytes.count {
            #expect(RequestState(bytes: Array(state.bytes.prefix(length))) == nil)
        }
        #expect(RequestState(bytes: [2] + state.bytes.dropFirst()) == nil)
        #expect(RequestState.context(Principal("a")) != RequestState.context(Principal("b")))
    }

    @Test("every failure has a name of its own") func names() {
        #expect(Set(InputFailure.allCases.map(\.reason)).count == InputFailure.allCases.count)
        #expect(Set(RequestStateFailure.allCases.map(\.reason)).count == RequestStateFailure.allCases.count)
        #expect(RequestStateFailure.allCases.allSatisfy { $0.rpcError.code == ErrorCode.invalidParams })
    }
}
