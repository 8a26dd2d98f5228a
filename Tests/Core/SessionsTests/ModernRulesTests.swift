import Sessions
import Testing
import Wire

@Suite("Modern rules") struct ModernRulesTests {
    static let meta =
        #"""
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",\#
        "io.modelcontextprotocol/clientCapabilities":{}}
        """#

    static func call(_ params: String = "\"name\":\"git__log\",", method: String = "tools/call") -> String {
        #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{\#(params)\#(meta)}}"#
    }

    static func headers(
        version: String? = "2026-07-28", method: String? = "tools/call", name: String? = "git__log"
    ) -> HTTPRequest.Headers {
        var headers = HTTPRequest.Headers()
        headers.protocolVersion = version
        headers.mcpMethod = method
        headers.mcpName = name
        return headers
    }

    static func refusal(
        _ text: String, _ headers: HTTPRequest.Headers? = headers(), passesUnknown: Bool = false
    ) throws -> Refusal? {
        let message = try Message(text)
        return ModernRules.refusal(
            message.bytes, message.frame, method: message.method,
            carrier: headers.map { .http($0) } ?? .lines,
            passesUnknown: passesUnknown)
    }

    @Test("a request whose headers repeat its body passes") func agreeing() throws {
        #expect(try Self.refusal(Self.call()) == nil)
        #expect(try Self.refusal(Self.call(), nil) == nil)
    }

    @Test("a version header that is missing or differs is -32020 with 400") func versionHeader() throws {
        let missing = try Self.refusal(Self.call(), Self.headers(version: nil))
        #expect(missing == .headerMissing(.protocolVersion))
        let other = try Self.refusal(Self.call(), Self.headers(version: "2025-11-25"))
        #expect(other == .headerMismatch(.protocolVersion))
        for refusal in [missing, other] {
            #expect(refusal?.httpStatus == 400)
            #expect(refusal?.error.code == -32020)
        }
    }

    @Test("a method header that is missing or differs, even in case, is -32020") func methodHeader() throws {
        #expect(try Self.refusal(Self.call(), Self.headers(method: nil)) == .headerMissing(.method))
        #expect(try Self.refusal(Self.call(), Self.headers(method: "tools/list")) == .headerMismatch(.method))
        #expect(try Self.refusal(Self.call(), Self.headers(method: "Tools/Call")) == .headerMismatch(.method))
    }

    @Test("a name header that is missing or differs is -32020") func nameHeader() throws {
        #expect(try Self.refusal(Self.call(), Self.headers(name: nil)) == .headerMissing(.name))
        #expect(try Self.refusal(Self.call(), Self.headers(name: "git__diff")) == .headerMismatch(.name))
        let read = Self.call(#""uri":"file:///a","#, method: "resources/read")
        #expect(try Self.refusal(read, Self.headers(method: "resources/read", name: "file:///a")) == nil)
        #expect(
            try Self.refusal(read, Self.headers(method: "resources/read", name: "file:///b"))
                == .headerMismatch(.name))
    }

    @Test("a base64 name header is decoded before it is compared") func encodedName() throws {
        let call = Self.call(#""name":"wet\u0074er-\u00e4","#)
        #expect(try Self.refusal(call, Self.headers(name: HeaderValue.encode("wetter-ä"))) == nil)
        #expect(try Self.refusal(call, Self.headers(name: "=?base64?!!!!?=")) == .headerMismatch(.name))
        #expect(try Self.refusal(Self.call(), Self.headers(name: "=?base64?Z2l0X19sb2c=?=")) == nil)
    }

    @Test("methods without a name need no name header") func noName() throws {
        #expect(
            try Self.refusal(
                Self.call("", method: "tools/list"), Self.headers(method: "tools/list", name: nil))
                == nil)
    }

    @Test("a required _meta key that is missing is -32602 with 400") func missingMeta() throws {
        let noParams = #"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#
        let noMeta = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"git__log"}}"#
        let noCapabilities =
            #"""
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"git__log","_meta":{\#
            "io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}
            """#
        for text in [noParams, noMeta, noCapabilities] {
            let refusal = try Self.refusal(text)
            #expect(refusal?.error.code == -32602)
            #expect(refusal?.httpStatus == 400)
        }
    }

    @Test("_meta keys of the wrong type are -32602") func wrongMeta() throws {
        let capabilities = Self.call().replacing("clientCapabilities\":{}", with: "clientCapabilities\":[]")
        #expect(
            try Self.refusal(capabilities) == .metaKeyInvalid("io.modelcontextprotocol/clientCapabilities"))
        let version = Self.call().replacing("\"2026-07-28\"", with: "7")
        #expect(try Self.refusal(version, nil) == .metaKeyInvalid("io.modelcontextprotocol/protocolVersion"))
        let level = Self.call().replacing(
            "clientCapabilities\":{}",
            with: #"clientCapabilities":{},"io.modelcontextprotocol/logLevel":"loud""#)
        #expect(try Self.refusal(level) == .metaKeyInvalid("io.modelcontextprotocol/logLevel"))
    }

    @Test("an unknown revision is -32022 and the error names the known ones") func unsupported() throws {
        let text = Self.call().replacing("2026-07-28", with: "2031-01-01")
        let refusal = try #require(try Self.refusal(text, Self.headers(version: "2031-01-01")))
        #expect(refusal.httpStatus == 400)
        #expect(refusal.error.code == -32022)
        let data = try JSONView(validating: #require(refusal.error.data))
        #expect(data["requested"]?.string == "2031-01-01")
        #expect(data["supported"]?.elements.compactMap(\.string) == ProtocolVersion.allText)
    }

    @Test("an unknown or removed method is 404 with -32601") func methods() throws {
        for method in ["ping", "x/y", "logging/setLevel", "notifications/cancelled", "initialize"] {
            let refusal = try Self.refusal(
                Self.call("", method: method), Self.headers(method: method, name: nil))
            #expect(refusal == .methodNotFound(method, .modern))
            #expect(refusal?.httpStatus == 404)
        }
    }

    @Test("unknown methods pass a transparent endpoint, removed ones do not") func transparent() throws {
        #expect(
            try Self.refusal(
                Self.call("", method: "x/y"), Self.headers(method: "x/y", name: nil), passesUnknown: true)
                == nil)
        #expect(
            try Self.refusal(
                Self.call("", method: "ping"), Self.headers(method: "ping", name: nil), passesUnknown: true)
                != nil)
    }

    @Test("a client that contradicts itself hears so before anything else") func order() throws {
        let text = Self.call("", method: "x/y").replacing("2026-07-28", with: "2031-01-01")
        #expect(
            try Self.refusal(text, Self.headers(version: "2032-01-01")) == .headerMismatch(.protocolVersion))
    }

    @Test("batches, answers and non-messages are refused") func kinds() throws {
        #expect(try Self.refusal("[]")?.httpStatus == 400)
        #expect(try Self.refusal(#"{"jsonrpc":"2.0","id":1,"result":{}}"#) == .invalidMessage)
        #expect(try Self.refusal(#"{"id":1}"#)?.error.code == -32600)
    }

    @Test("notifications are accepted unless their revision is unknown") func notifications() throws {
        let text = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
        #expect(try Self.refusal(text, Self.headers(method: nil, name: nil)) == nil)
        #expect(try Self.refusal(text, nil) == nil)
        #expect(
            try Self.refusal(text, Self.headers(version: "2031-01-01", method: nil))
                == .unsupportedVersion(requested: "2031-01-01"))
    }
}
