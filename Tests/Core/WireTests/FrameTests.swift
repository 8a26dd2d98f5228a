import Testing
import Wire

@Suite("Frames")
struct FrameTests {
    @Test("records every part of a call")
    func call() throws {
        let message = """
             {"jsonrpc": "2.0", "id": "c-1", "method": "tools/call", "params" : {"name":"a\\u005fb", "uri":"x:y",
            "cursor":"p2","arguments": {"q":[1,2]} , "_meta":{"progressToken": 18,
            "io.modelcontextprotocol/protocolVersion":"2026-07-28","x":{}}, "other":1.50}}\n
            """
        let frame = try scan(message)
        #expect(frame.kind == .request)
        #expect(frame.idKind == .string)
        #expect(text(frame.id, of: message) == "\"c-1\"")
        #expect(text(frame.method, of: message) == "tools/call")
        #expect(!frame.methodHasEscapes)
        #expect(text(frame.paramsName, of: message) == "\"a\\u005fb\"")
        #expect(text(frame.paramsURI, of: message) == "\"x:y\"")
        #expect(text(frame.paramsCursor, of: message) == "\"p2\"")
        #expect(text(frame.paramsArguments, of: message) == "{\"q\":[1,2]}")
        #expect(text(frame.progressToken, of: message) == "18")
        #expect(text(frame.metaProtocolVersion, of: message) == "\"2026-07-28\"")
        #expect(text(frame.paramsMeta, of: message)?.hasSuffix("\"x\":{}}") == true)
        #expect(text(frame.params, of: message)?.hasSuffix("\"other\":1.50}") == true)
        #expect(text(frame.root, of: message)?.first == "{")
        #expect(text(frame.root, of: message)?.last == "}")
        #expect(frame.result == .none && frame.error == .none && frame.resultType == .none)
        #expect(!frame.resultIsError && frame.errorCode == nil)
    }

    @Test("records the parts of a result and of an error")
    func answers() throws {
        let result =
            #"{"id":7,"jsonrpc":"2.0","result":{"content":[],"isError":true,"resultType":"input_required"}}"#
        let frame = try scan(result)
        #expect(frame.kind == .result && frame.resultIsError)
        #expect(text(frame.resultType, of: result) == "\"input_required\"")
        let error = #"{"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"no","data":{"code":1}}}"#
        let failed = try scan(error)
        #expect(failed.kind == .error && failed.errorCode == -32601)
        #expect(text(failed.error, of: error)?.hasPrefix("{\"code\"") == true)
    }

    @Test(
        "sorts messages as JSON-RPC 2.0 does",
        arguments: [
            (#"{"jsonrpc":"2.0","id":1,"method":"m"}"#, Frame.Kind.request, Frame.IDKind.integer),
            (#"{"jsonrpc":"2.0","id":-99999999999999999999,"method":"m"}"#, .request, .integer),
            (#"{"jsonrpc":"2.0","id":"","method":"m","params":[1]}"#, .request, .string),
            (#"{"jsonrpc":"2.0","id":1,"method":"","params":{}}"#, .request, .integer),
            (#"{"jsonrpc":"2.0","method":"m"}"#, .notification, .absent),
            (#"{"jsonrpc":"2\u002e0","method":"m"}"#, .notification, .absent),
            (#"{"jsonrpc":"2.0","id":1,"result":{}}"#, .result, .integer),
            (#"{"jsonrpc":"2.0","id":"a","result":null}"#, .result, .string),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":""}}"#, .error, .integer),
            (#"{"jsonrpc":"2.0","id":null,"error":{}}"#, .error, .null),
            (#"{"jsonrpc":"2.0","error":{}}"#, .error, .absent),
            (#"[{"jsonrpc":"2.0","method":"m"}]"#, .batch, .absent),
            ("[]", .batch, .absent),
        ])
    func kinds(_ message: String, _ kind: Frame.Kind, _ idKind: Frame.IDKind) throws {
        let frame = try scan(message)
        #expect(frame.kind == kind)
        #expect(frame.idKind == idKind)
    }

    @Test(
        "calls JSON that is no JSON-RPC message invalid",
        arguments: [
            "1", "\"a\"", "null", "{}", #"{"jsonrpc":"2.0"}"#, #"{"jsonrpc":"2.0","id":1}"#,
            #"{"id":1,"method":"m"}"#,
            #"{"jsonrpc":"1.0","id":1,"method":"m"}"#, #"{"jsonrpc":2.0,"id":1,"method":"m"}"#,
            #"{"jsonrpc":"2.00","id":1,"method":"m"}"#, #"{"jsonrpc":"2.0","id":null,"method":"m"}"#,
            #"{"jsonrpc":"2.0","id":1.5,"method":"m"}"#, #"{"jsonrpc":"2.0","id":1e2,"method":"m"}"#,
            #"{"jsonrpc":"2.0","id":true,"method":"m"}"#, #"{"jsonrpc":"2.0","id":[],"method":"m"}"#,
            #"{"jsonrpc":"2.0","id":1,"method":7}"#, #"{"jsonrpc":"2.0","method":null}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"m","params":"x"}"#,
            #"{"jsonrpc":"2.0","method":"m","params":null}"#,
            #"{"jsonrpc":"2.0","id":1,"result":1,"error":{}}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"m","result":1}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"m","error":{}}"#, #"{"jsonrpc":"2.0","result":{}}"#,
            #"{"jsonrpc":"2.0","id":null,"result":{}}"#, #"{"jsonrpc":"2.0","id":1.5,"error":{}}"#,
            #"{"jsonrpc":"2.0","id":1,"error":"text"}"#,
        ])
    func invalid(_ message: String) throws {
        #expect(try scan(message).kind == .invalid)
    }

    @Test("knows keys and methods that are written with escapes")
    func escapedKeys() throws {
        let message =
            #"{"jsonrp\u0063":"2.0","\u0069d":1,"method":"to\u006Fls\/list","p\u0061rams":{"n\u0061me":"x"}}"#
        let frame = try scan(message)
        #expect(frame.kind == .request && frame.methodHasEscapes)
        #expect(text(frame.method, of: message) == #"to\u006Fls\/list"#)
        #expect(text(frame.paramsName, of: message) == "\"x\"")
        let others =
            #"{"jsonrpc":"2.0","method":"m","\u0069d\n":1,"i\u0064\u0000":2,"ид":3,"id ":4,"\ud800id":5}"#
        #expect(try scan(others).idKind == .absent)
    }

    @Test(
        "refuses a second key of one that the frame records",
        arguments: [
            (#"{"id":1,"id":2}"#, 8), (#"{"id":1,"\u0069d":2}"#, 8),
            (#"{"jsonrpc":"2.0","jsonrpc":"2.0"}"#, 17),
            (#"{"method":"a","method":"b"}"#, 14), (#"{"params":{},"params":[]}"#, 13),
            (#"{"result":1,"result":1}"#, 12), (#"{"error":1,"error":1}"#, 11),
            (#"{"params":{"name":"a","n\u0061me":"b"}}"#, 22), (#"{"params":{"uri":1,"uri":1}}"#, 19),
            (#"{"params":{"arguments":1,"arguments":1}}"#, 25), (#"{"params":{"_meta":{},"_meta":1}}"#, 22),
            (#"{"params":{"cursor":1,"cursor":1}}"#, 22),
            (#"{"params":{"_meta":{"progressToken":1,"progressToken":1}}}"#, 38),
            (#"{"result":{"isError":true,"isError":false}}"#, 26),
            (#"{"result":{"resultType":1,"resultType":1}}"#, 26), (#"{"error":{"code":1,"code":1}}"#, 19),
        ])
    func duplicates(_ message: String, _ offset: Int) {
        #expect(scanRefusal(message) == .duplicateKey(offset: offset))
        #expect(refusal(message) == nil)
    }

    @Test("lets equal keys pass where the frame records none")
    func otherDuplicates() throws {
        _ = try scan(
            #"{"jsonrpc":"2.0","method":"m","x":1,"x":2,"params":{"id":1,"id":2,"arguments":{"a":1,"a":1}}}"#)
        _ = try scan(
            #"{"params":{"_meta":{"name":1,"name":1}},"result":{"name":1,"name":1,"_meta":1,"_meta":1}}"#)
        _ = try scan(#"[{"id":1,"id":2}]"#)
    }

    @Test("reads an error code only when it is an integer that fits")
    func errorCodes() throws {
        func code(_ value: String) throws -> Int? { try scan("{\"error\":{\"code\":\(value)}}").errorCode }
        #expect(try code("9223372036854775807") == .max)
        #expect(try code("-9223372036854775808") == .min)
        #expect(try code("-0") == 0)
        for value in ["9223372036854775808", "1.0", "1e3", "\"1\"", "null", "[]"] {
            #expect(try code(value) == nil)
        }
    }

    @Test("takes parts of another type as they are")
    func otherTypes() throws {
        let message =
            #"{"jsonrpc":"2.0","id":1,"method":"m","params":{"name":[1],"_meta":7,"uri":{},"arguments":null}}"#
        let frame = try scan(message)
        #expect(frame.kind == .request)
        #expect(text(frame.paramsName, of: message) == "[1]")
        #expect(text(frame.paramsMeta, of: message) == "7")
        #expect(text(frame.paramsArguments, of: message) == "null")
    }

    @Test("scans a part of a buffer by its span")
    func span() throws {
        let buffer = bytes("xx{\"jsonrpc\":\"2.0\",\"method\":\"m\"}yy")
        let part = buffer.span.extracting(2..<(buffer.count - 2))
        // Proof: a byte has no padding that could be uninitialised.
        let frame = try unsafe Scanner.scan(part.bytes, limits: .standard)
        #expect(frame.kind == .notification && frame.root.start == 0)
    }
}
