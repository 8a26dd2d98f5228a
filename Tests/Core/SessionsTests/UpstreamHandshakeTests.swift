import Sessions
import TestSupport
import Testing
import Wire

@Suite("Opening an upstream session") struct UpstreamHandshakeTests {
    static let identity = ClientIdentity.gateway(version: "0.1")
    static let discovered = #"""
        {"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},"ttlMs":0,
        "cacheScope":"public","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"s","version":"2"}}}
        """#

    static func initialized(_ version: String) -> String {
        #"""
        {"protocolVersion":"\#(version)","capabilities":{"tools":{}},"serverInfo":{"name":"s",\#
        "version":"1"}}
        """#
    }

    /// Drives one handshake and remembers what it did last.
    struct Driver {
        var handshake: UpstreamHandshake
        var actions: [UpstreamHandshake.Action] = []

        init(
            _ carrier: UpstreamHandshake.Carrier, remembered: Era? = nil, identity: ClientIdentity = identity
        ) {
            handshake = UpstreamHandshake(carrier: carrier, identity: identity, firstID: 1)
            actions = handshake.start(remembered: remembered)
        }

        /// The method of the request that was sent last, its message and its header fields.
        var sent: (method: Sessions.Method, message: Message, headers: UpstreamHeaders)? {
            get throws {
                for case .send(let bytes, let headers) in actions {
                    let message = try Message(text(bytes))
                    return (message.method, message, headers)
                }
                return nil
            }
        }

        var facts: ServerFacts? {
            for case .ready(let facts) in actions { return facts }
            return nil
        }

        var failure: HandshakeFailure? {
            for case .fail(let failure) in actions { return failure }
            return nil
        }

        /// Answers the pending request.
        mutating func answer(
            _ member: String, id: Int, httpStatus: Int? = nil, sessionID: String? = nil
        ) throws {
            let message = try Message(#"{"jsonrpc":"2.0","id":\#(id),\#(member)}"#)
            actions = handshake.received(
                message.bytes, message.frame, httpStatus: httpStatus, sessionID: sessionID)
        }
    }

    @Test(
        "a modern server is open after server/discover", arguments: [UpstreamHandshake.Carrier.lines, .http])
    func modern(carrier: UpstreamHandshake.Carrier) throws {
        var driver = Driver(carrier)
        let sent = try #require(try driver.sent)
        #expect(sent.method == .discover)
        #expect(sent.headers.protocolVersion == (carrier == .http ? "2026-07-28" : nil))
        #expect(sent.headers.mcpMethod == (carrier == .http ? "server/discover" : nil))
        let refusal = ModernRules.refusal(
            sent.message.bytes, sent.message.frame, method: .discover, carrier: .lines)
        #expect(refusal == nil)
        try driver.answer("\"result\":\(Self.discovered)", id: 1, httpStatus: 200)
        let facts = try #require(driver.facts)
        #expect(facts.version == .july2026)
        #expect(facts.offers(.tools))
        #expect(facts.nameAndVersion?.name == "s")
        #expect(facts.sessionID == nil)
        #expect(driver.actions.count == 1)
    }

    @Test(
        "any other error over stdio leads to initialize in the same process",
        arguments: [-32601, -32602, -32000, -32002])
    func legacyLines(code: Int) throws {
        var driver = Driver(.lines)
        try driver.answer(#""error":{"code":\#(code),"message":"no"}"#, id: 1)
        let sent = try #require(try driver.sent)
        #expect(sent.method == .initialize)
        let params = JSONView(sent.message.bytes, sent.message.frame.params)
        #expect(params["protocolVersion"]?.string == "2025-11-25")
        #expect(params["clientInfo"]?["name"]?.string == "attune")
        try driver.answer("\"result\":\(Self.initialized("2025-06-18"))", id: 2)
        guard case .notify(let notification, _) = driver.actions.first else {
            Issue.record("no notification came first")
            return
        }
        #expect(try Message(text(notification)).method == .initialized)
        #expect(driver.facts?.version == .june2025)
    }

    @Test("a process that ignores server/discover is initialized, and a late answer is ignored")
    func silence() throws {
        var driver = Driver(.lines)
        driver.actions = driver.handshake.timedOut()
        #expect(try driver.sent?.method == .initialize)
        try driver.answer("\"result\":\(Self.discovered)", id: 1)
        #expect(driver.actions.isEmpty)
        try driver.answer("\"result\":\(Self.initialized("2024-11-05"))", id: 2)
        #expect(driver.facts?.version == .november2024)
    }

    @Test("a process that exits on server/discover is started again as a legacy one") func exits() throws {
        var driver = Driver(.lines)
        driver.actions = driver.handshake.exited()
        guard case .restart(remembered: .legacy) = driver.actions.first else {
            Issue.record("no restart")
            return
        }
        var second = Driver(.lines, remembered: .legacy)
        #expect(try second.sent?.method == .initialize)
        second.actions = second.handshake.exited()
        #expect(second.failure == .ended(.initialize))
    }

    @Test(
        "HTTP refusals without a message lead to initialize", arguments: [400, 404, 405, 406, 415, 500, 202])
    func legacyHTTP(status: Int) throws {
        var driver = Driver(.http)
        driver.actions = driver.handshake.receivedNoMessage(httpStatus: status)
        let sent = try #require(try driver.sent)
        #expect(sent.method == .initialize)
        #expect(sent.headers.protocolVersion == nil)
        #expect(sent.headers.mcpMethod == nil)
        try driver.answer(
            "\"result\":\(Self.initialized("2025-11-25"))", id: 2, httpStatus: 200, sessionID: "abc")
        guard case .notify(_, let headers) = driver.actions.first else {
            Issue.record("no notification came first")
            return
        }
        #expect(headers.sessionID == "abc")
        #expect(headers.protocolVersion == "2025-11-25")
        #expect(driver.facts?.sessionID == "abc")
    }

    @Test("a 400 with a legacy error, even without an id, leads to initialize") func legacyErrorBody() throws
    {
        var driver = Driver(.http)
        let message = try Message(
            #"""
            {"jsonrpc":"2.0","id":null,"error":{"code":-32000,\#
            "message":"Bad Request: Server not initialized"}}
            """#
        )
        driver.actions = driver.handshake.received(message.bytes, message.frame, httpStatus: 400)
        #expect(try driver.sent?.method == .initialize)
    }

    @Test("wrong credentials fail at once", arguments: [401, 403]) func unauthorized(status: Int) {
        var driver = Driver(.http)
        driver.actions = driver.handshake.receivedNoMessage(httpStatus: status)
        #expect(driver.failure == .unauthorized(httpStatus: status))
    }

    @Test("a modern server without a common revision fails and its revisions are named") func disjoint()
        throws
    {
        var driver = Driver(.http)
        try driver.answer(
            #""error":{"code":-32022,"message":"no","data":{"supported":["2031-01-01"],"requested":"x"}}"#,
            id: 1,
            httpStatus: 400)
        #expect(driver.failure == .noCommonVersion(offered: ["2031-01-01"]))
        #expect(driver.failure?.text.contains("2031-01-01") == true)
    }

    @Test("a server that names only legacy revisions is initialized with the newest of them")
    func legacyNamed() throws {
        var driver = Driver(.lines)
        try driver.answer(
            #"""
            "error":{"code":-32022,"message":"no","data":{"supported":["2025-03-26","2025-06-18"],\#
            "requested":"x"}}
            """#,
            id: 1)
        let sent = try #require(try driver.sent)
        #expect(
            JSONView(sent.message.bytes, sent.message.frame.params)["protocolVersion"]?.string == "2025-06-18"
        )
        var other = Driver(.lines)
        try other.answer(#""result":{"supportedVersions":["2025-06-18"],"capabilities":{}}"#, id: 1)
        #expect(try other.sent?.method == .initialize)
    }

    @Test("other errors of the modern era are final") func modernErrors() throws {
        var driver = Driver(.http)
        try driver.answer(#""error":{"code":-32020,"message":"header"}"#, id: 1, httpStatus: 400)
        #expect(driver.failure == .refused(.discover, code: -32020, message: "header"))
    }

    @Test("a remembered legacy server that has become modern is discovered") func upgraded() throws {
        var driver = Driver(.http, remembered: .legacy)
        #expect(try driver.sent?.method == .initialize)
        try driver.answer(
            #"""
            "error":{"code":-32022,"message":"no","data":{"supported":["2026-07-28"],\#
            "requested":"2025-11-25"}}
            """#,
            id: 1, httpStatus: 400)
        #expect(try driver.sent?.method == .discover)
        try driver.answer("\"result\":\(Self.discovered)", id: 2, httpStatus: 200)
        #expect(driver.facts?.era == .modern)
    }

    @Test("a server that settled on the modern era too late is asked once more") func slowStart() throws {
        var driver = Driver(.lines)
        driver.actions = driver.handshake.timedOut()
        try driver.answer(
            #"""
            "error":{"code":-32022,"message":"no","data":{"supported":["2026-07-28"],\#
            "requested":"2025-11-25"}}
            """#,
            id: 2)
        #expect(try driver.sent?.method == .discover)
        try driver.answer("\"result\":\(Self.discovered)", id: 3)
        #expect(driver.facts?.era == .modern)
    }

    @Test("an unknown revision in the answer to initialize fails with a reason") func unknownVersion() throws
    {
        var driver = Driver(.lines, remembered: .legacy)
        try driver.answer("\"result\":\(Self.initialized("2023-01-01"))", id: 1)
        #expect(driver.failure == .unknownVersion("2023-01-01"))
        var modern = Driver(.lines, remembered: .legacy)
        try modern.answer("\"result\":\(Self.initialized("2026-07-28"))", id: 1)
        #expect(modern.failure == .unknownVersion("2026-07-28"))
    }

    @Test("a client's own words and revision open the session") func identity() throws {
        let identity = ClientIdentity(
            info: raw(#"{"name":"ide","version":"9"}"#), capabilities: raw(#"{"roots":{}}"#),
            version: .march2025)
        let driver = Driver(.lines, remembered: .legacy, identity: identity)
        let sent = try #require(try driver.sent)
        let params = JSONView(sent.message.bytes, sent.message.frame.params)
        #expect(params["protocolVersion"]?.string == "2025-03-26")
        #expect(params["capabilities"].map { text($0.rawBytes) } == #"{"roots":{}}"#)
    }

    @Test("a session id that no header can carry fails") func sessionID() throws {
        for id in ["", "a b", "a\u{7f}", "ä", String(repeating: "x", count: 5000)] {
            var driver = Driver(.http, remembered: .legacy)
            try driver.answer(
                "\"result\":\(Self.initialized("2025-11-25"))", id: 1, httpStatus: 200, sessionID: id)
            #expect(driver.failure == .badSessionID)
        }
    }

    @Test("other messages during the handshake change nothing") func noise() throws {
        var driver = Driver(.lines)
        for noise in [
            #"{"jsonrpc":"2.0","method":"notifications/message","params":{}}"#,
            #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, #"{"jsonrpc":"2.0","id":99,"result":{}}"#,
        ] {
            let message = try Message(noise)
            #expect(driver.handshake.received(message.bytes, message.frame).isEmpty)
        }
        try driver.answer("\"result\":\(Self.discovered)", id: 1)
        #expect(driver.facts != nil)
        #expect(driver.handshake.timedOut().isEmpty)
        #expect(driver.handshake.exited().isEmpty)
    }

    @Test(
        "whatever a server answers, a handshake ends after at most four requests",
        arguments: 0..<200 as Range<UInt64>)
    func bounded(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let answers = [
            "\"result\":\(Self.discovered)", "\"result\":\(Self.initialized("2025-06-18"))", "\"result\":{}",
            #"""
            "error":{"code":-32022,"message":"","data":{"supported":["2026-07-28","2025-06-18"],\#
            "requested":""}}
            """#,
            #""error":{"code":-32022,"message":"","data":{"supported":["2026-07-28"],"requested":""}}"#,
            #""error":{"code":-32602,"message":"","data":{"supported":["2025-03-26"]}}"#,
            #""error":{"code":-32601,"message":""}"#, #""result":{"supportedVersions":["2025-06-18"]}"#,
        ]
        let remembered = [nil, Era.legacy, .modern].randomElement(using: &random) ?? nil
        var driver = Driver(Bool.random(using: &random) ? .http : .lines, remembered: remembered)
        var requests = 0
        while try driver.sent != nil {
            requests += 1
            try #require(requests <= UpstreamHandshake.reservedIDs, "seed \(seed)")
            switch Int.random(in: 0..<12, using: &random) {
            case 0: driver.actions = driver.handshake.timedOut()
            case 1: driver.actions = driver.handshake.receivedNoMessage(httpStatus: 404)
            case 2: driver.actions = driver.handshake.failed(.broken("reset"))
            default:
                try driver.answer(answers.randomElement(using: &random) ?? "", id: requests, httpStatus: 200)
            }
        }
        #expect(!driver.actions.isEmpty, "seed \(seed)")
    }
}
