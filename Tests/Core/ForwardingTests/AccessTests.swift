import Identifiers
import Routing
import Sessions
import Testing

@testable import Forwarding

@Suite("Access") struct AccessTests {
    private static let reader = AccessRule(
        principals: ["reader"], servers: ToolFilter(allow: ["a"]), tools: ToolFilter(deny: ["*__crash"]),
        profiles: ToolFilter(allow: ["open"]))
    private static let profiles = [Profile(name: "open", tools: ["*__echo"]), Profile(name: "closed")]

    private static func rig(
        rules: [AccessRule] = [], keys: Bool = true, _ kind: ScriptedServer.Kind = .legacy
    ) -> (Rig, [ScriptedServer]) {
        let servers = [ScriptedServer("a", kind, .http), ScriptedServer("b", kind, .http)]
        let access = AccessPlan(authenticator: keys ? NamedKeys() : nil, rules: rules)
        return (Rig(servers, profiles: profiles, access: access).started(), servers)
    }

    private static func names(_ exchange: ClientExchange) -> [String] {
        let result = exchange.response?["result"] as? JSONObject
        return (result?["tools"] as? [JSONObject] ?? []).compactMap { $0["name"] as? String }
    }

    @Test("With keys every address asks for one: 401 and a challenge without it, or with another")
    func challenge() {
        let (rig, servers) = Self.rig()
        let asked = servers.map(\.requests)
        for path in ["/mcp", "/mcp/a", "/mcp/nobody", "/profiles/open/mcp", "/sse", "/messages", "/x"] {
            for verb in [HTTPRequest.Verb.get, .post, .delete, .options] {
                for (key, challenge) in [
                    (nil, "Bearer"), ("stranger", #"Bearer error="invalid_token""#),
                ] as [(String?, String)] {
                    var headers = HTTPRequest.Headers()
                    headers.authorization = key.map { "Bearer \($0)" }
                    let exchange = rig.send(
                        verb, path, Array("{}".utf8), query: "access_token=ada&key=ada", headers: headers)
                    rig.world.run { exchange.isOver }
                    #expect(exchange.status == 401)
                    #expect(exchange.answers.first?.headers.challenge == challenge)
                }
            }
        }
        #expect(servers.map(\.requests) == asked)
        #expect(rig.shutDown() == [])
    }

    @Test("A session is its principal's alone, and calls carry the principal's name")
    func sessions() {
        let (rig, _) = Self.rig()
        let ada = rig.session(key: "ada")
        #expect(ada.id != nil)
        let eve = LegacyClient(rig: rig, path: "/mcp", version: "2025-11-25")
        eve.id = ada.id
        eve.key = "eve"
        let stolen = [eve.call("a__echo"), eve.stream(), eve.end()]
        rig.world.run { stolen.allSatisfy(\.isOver) }
        #expect(stolen.map(\.status) == [404, 404, 404])
        let call = ada.call("a__echo")
        rig.world.run { call.isOver }
        #expect(call.status == 200)
        #expect(rig.gateway.sessions.all.map(\.principal) == [Principal("ada")])
        #expect(rig.shutDown() == [])
    }

    @Test("What a rule hides is in no list and unknown when called, in both eras and at every address")
    func visibility() {
        let (rig, _) = Self.rig(rules: [Self.reader])
        let visible = ["a__echo", "a__hold", "a__progress", "a__log", "a__count"]
        let legacy = rig.session(key: "reader")
        let lists = [
            legacy.post("tools/list"), rig.modern("tools/list", key: "reader"),
            rig.session(key: "ada").post("tools/list"),
            rig.modern("tools/list", at: "/profiles/open/mcp", key: "reader"),
            rig.modern("tools/list", at: "/mcp/a", key: "reader"),
        ]
        rig.world.run { lists.allSatisfy(\.isOver) }
        #expect(Self.names(lists[0]) == visible)
        #expect(Self.names(lists[1]) == visible)
        #expect(Self.names(lists[2]).count == 12)
        #expect(Self.names(lists[3]) == ["a__echo"])
        #expect(Self.names(lists[4]) == ["echo", "hold", "progress"])
        let hidden = [
            legacy.call("b__echo"), legacy.call("a__crash"),
            rig.modern("tools/call", ["name": "b__echo"], key: "reader"),
            rig.modern("tools/call", ["name": "crash"], at: "/mcp/a", key: "reader"),
            legacy.post("prompts/get", ["name": "b__greet"]),
        ]
        rig.world.run { hidden.allSatisfy(\.isOver) }
        for exchange in hidden {
            #expect((exchange.response?["error"] as? JSONObject)?["code"] as? Int == -32602)
        }
        let call = legacy.call("a__echo")
        rig.world.run { call.isOver }
        #expect(call.response?["result"] != nil)
        #expect(rig.shutDown() == [])
    }

    @Test("Addresses that a rule closes are forbidden, with a challenge that says so")
    func forbidden() {
        let (rig, _) = Self.rig(rules: [Self.reader])
        for (path, status) in [
            ("/mcp/b", 403), ("/profiles/closed/mcp", 403), ("/sse/b", 403), ("/mcp/nobody", 404),
            ("/mcp/a", 200), ("/profiles/open/mcp", 200),
        ] {
            let exchange = rig.modern("server/discover", at: path, key: "reader")
            rig.world.run { exchange.isOver }
            #expect(exchange.status == (path.hasPrefix("/sse") ? 403 : status))
            #expect(
                exchange.answers.first?.headers.challenge
                    == (status == 403 ? #"Bearer error="insufficient_scope""# : nil))
        }
        #expect(rig.shutDown() == [])
    }

    @Test("A cursor of one principal's list is no cursor of another's") func cursors() {
        let (rig, _) = Self.rig(rules: [Self.reader])
        let view = rig.gateway.view
        let restricted = view.lists(at: .restricted(Principal("reader"), profile: nil))
        #expect(restricted?.page(.tools)?.cacheScope == .private)
        #expect(view.lists(at: .federated) !== restricted)
        #expect(rig.shutDown() == [])
    }

    @Test("A principal's calls at the same time are bounded over all loops, and a place is free afterwards")
    func concurrency() {
        let (rig, servers) = Self.rig(rules: [
            AccessRule(principals: ["*"], limits: CallLimits(concurrency: 2))
        ])
        let held = (0..<2).map { rig.modern("tools/call", ["name": "a__hold"], loop: $0, key: "ada") }
        rig.world.run(milliseconds: 100)
        let refused = rig.modern("tools/call", ["name": "b__echo"], loop: 1, key: "ada")
        let other = rig.modern("tools/call", ["name": "b__echo"], key: "eve")
        rig.world.run { refused.isOver && other.isOver }
        let error = refused.response?["error"] as? JSONObject
        let facts = (error?["data"] as? JSONObject)?["attune"] as? JSONObject
        #expect(error?["code"] as? Int == 1004)
        #expect(facts?["retry_after_ms"] as? Int == 1000)
        #expect(other.response?.text != nil)
        rig.leave(held[0])
        rig.world.run(milliseconds: 100)
        let next = rig.modern("tools/call", ["name": "b__echo"], key: "ada")
        rig.world.run { next.isOver }
        #expect(((next.response?["result"] as? JSONObject)?["isError"] as? Bool ?? false) == false)
        rig.leave(held[1])
        rig.world.run(milliseconds: 100)
        #expect(servers[0].count("tools/call") == 2)
        #expect(rig.shutDown() == [])
    }

    @Test("A rule's rate fills a bucket that calls empty") func rate() {
        var allowance = CallAllowance()
        let limits = CallLimits(rate: 2, burst: 3)
        func enter(_ milliseconds: Int) -> Int? {
            let now = MonotonicTime(nanoseconds: 5_000_000_000).advanced(byMilliseconds: milliseconds)
            let wait = allowance.enter(limits, now: now)
            if wait == nil { allowance.leave() }
            return wait
        }
        #expect([enter(0), enter(0), enter(0)] == [nil, nil, nil])
        #expect(enter(0) == 500)
        #expect(enter(400) == 100)
        #expect(enter(500) == nil)
        #expect(enter(500) == 500)
        #expect([enter(60_000), enter(60_000), enter(60_000)] == [nil, nil, nil])
        #expect(enter(60_000) == 500)
    }

    @Test("A reload changes keys and rules at once") func reload() {
        let (rig, servers) = Self.rig(rules: [Self.reader])
        rig.access = AccessPlan(authenticator: NamedKeys(), rules: [])
        rig.apply(servers)
        rig.world.run(milliseconds: 500)
        let open = rig.modern("tools/list", key: "reader")
        rig.world.run { open.isOver }
        #expect(Self.names(open).count == 12)
        rig.access = AccessPlan()
        rig.apply(servers)
        rig.world.run(milliseconds: 500)
        let anonymous = rig.modern("tools/list")
        rig.world.run { anonymous.isOver }
        #expect(anonymous.status == 200)
        #expect(rig.shutDown() == [])
    }

    @Test("Clients on lines are the local principal, and rules hold for it too") func lines() {
        let (rig, _) = Self.rig(
            rules: [AccessRule(principals: ["local"], servers: ToolFilter(deny: ["b"]))])
        let client = rig.lines()
        rig.write(Rig.modernMessage("tools/list", [:], id: 1), to: client)
        rig.world.run { client.lines.count == 1 }
        let tools = (client.lines.first?["result"] as? JSONObject)?["tools"] as? [JSONObject] ?? []
        #expect(tools.compactMap { $0["name"] as? String }.allSatisfy { $0.hasPrefix("a__") })
        #expect(tools.count == 6)
        #expect(rig.shutDown() == [])
    }
}
