import Dashboard
import Identifiers
import Sessions
import Telemetry
import TestSupport
import Testing
import Wire

@Suite("What the learner has found, as the admin interface tells it")
struct PatternTests {
    private static let overview = #"""
        {"at_us":2000000,"calls":412,"sessions":12,"sampled_out":3,"cpu_s":0.35,"memory_bytes":4096,
        "accuracy":[{"task":"next-tool","n":400,"top1":0.5,"top3":0.75,"bits":1.5,"unknown":9,
        "recent":{"n":100,"top1":0.75}},{"task":"failure","n":400,"brier":0.25},
        {"task":"latency","n":0,"coverage95":1},{"task":"Not a word","n":1}],
        "clusters":[{"name":"git","sessions":7,"tools":["git/log"]},{"sessions":1}],
        "sequences":[{"tools":["a/x","b/y"],"support":9,"share":0.25,"lift":3.5},{"tools":[],"support":1}],
        "predict_ns":1500,"update_ns":-2,"anomalies":{"result":2,"drift":1,"else":5}}
        """#
    private static let session = #"""
        {"session":"s1","agent":"ada's","principal":"ada","calls":9,"at_us":1000000,"next":[
        {"server":"git","tool":"log","arguments":null,"probability":0.25},
        {"server":"git","tool":"diff","arguments":{"a": [1,"\u0007"]},"probability":0.5},
        {"server":"git","tool":"push","probability":7}],"suspicion":0.125,"anomalies":1}
        """#
    private static let tool = #"""
        {"server":"git","tool":"log","calls":9,"latency":{"median_ms":1.5,"bound95_ms":4},"failure":0.125,
        "cacheability":null,"mutates":1.5,"at_us":1000000}
        """#
    private static let anomalies = #"""
        {"items":[{"at_us":1,"call_id":"c","session":"s2","server":"git","tool":"log","kind":"latency",
        "start":null,"end":null,"bits":9.5,"share":0.001,"text":"slow"},
        {"at_us":2,"call_id":"d","session":"s1","server":"git","tool":"log","kind":"result","start":5,"end":9,
        "bits":30,"share":0,"text":"odd"},{"kind":"magic"},7]}
        """#

    private let source = FixedSource()

    private func joined(_ parts: [String]) -> String { parts.joined() }

    private func ask(_ path: String, _ query: String = "") -> KeptExchange {
        let exchange = KeptExchange()
        let request = HTTPRequest(
            verb: .get, path: path, query: query, headers: HTTPRequest.Headers(), body: [])
        AdminFront(source: source, recorder: Recorder(loops: 1, version: "0.1.0", log: .none))
            .received(request, exchange)
        exchange.manual.advance(.zero)
        return exchange
    }

    private func publish() {
        let entries = [
            "pattern/overview": Self.overview, "pattern/session/s1": Self.session,
            "pattern/session/s2": #"{"session":"s2","at_us":5000000}"#, "pattern/tool/git/log": Self.tool,
            "pattern/tool/git/diff": #"{"server":"git","tool":"diff","calls":20}"#,
            "pattern/anomalies": Self.anomalies, "pattern/else": "{}",
        ]
        source.published.withLock { $0 = entries.mapValues { Array($0.utf8) } }
    }

    @Test("Before anything was learned the answer says so: no overview, and empty lists")
    func nothing() {
        let answer = ask("/api/v1/patterns")
        #expect(answer.answered?.status == 200)
        #expect(
            answer.text
                == joined([
                    #"{"ts":"1970-01-01T00:00:01.000000Z","learner":{"pid":42,"state":"attached","#,
                    #""lag_records":0,"lag_ms":0},"overview":null,"tools":[],"sessions":[],"anomalies":[]}"#,
                ]))
        #expect(ask("/api/v1/patterns/tools").text == #"{"items":[],"next":null}"#)
        let unknown = ask("/api/v1/patterns", "session=s1")
        #expect(unknown.answered?.status == 404 && unknown.text.contains("no session that is active"))
    }

    @Test("The overview tells what was learned, without what it can't be or nobody knows")
    func overview() {
        publish()
        let text = ask("/api/v1/patterns").text
        #expect(
            text.contains(
                joined([
                    #""overview":{"ts":"1970-01-01T00:00:02.000000Z","calls":412,"sessions":12,"sampled_out":3,"#,
                    #""cpu_s":0.35,"memory_bytes":4096,"predict_ns":1500.0,"update_ns":null,"accuracy":["#,
                    #"{"task":"next-tool","n":400,"top1":0.5,"top3":0.75,"bits":1.5,"#,
                    #""recent":{"n":100,"top1":0.75}},"#,
                    #"{"task":"failure","n":400,"brier":0.25,"recent":null},"#,
                    #"{"task":"latency","n":0,"coverage95":1.0,"recent":null}],"#,
                    #""clusters":[{"name":"git","sessions":7,"tools":["git/log"]}],"#,
                    #""sequences":[{"tools":["a/x","b/y"],"support":9,"share":0.25,"lift":3.5}],"#,
                    #""anomalies":{"result":2,"drift":1}}"#,
                ])))
    }

    @Test("Tools come by their calls, sessions by their latest call, anomalies by their time")
    func order() throws {
        publish()
        let view = try JSONView(validating: ask("/api/v1/patterns").answered?.body ?? [])
        #expect(view["tools"]?.elements.map { $0["tool"]?.string } == ["diff", "log"])
        #expect(view["sessions"]?.elements.map { $0["session"]?.string } == ["s2", "s1"])
        #expect(view["anomalies"]?.elements.map { $0["call_id"]?.string } == ["d", "c"])
    }

    @Test("Guesses come by their probability, with arguments as they were learned")
    func session() {
        publish()
        let text = ask("/api/v1/patterns", "session=s1").text
        #expect(
            text.contains(
                joined([
                    #""sessions":[{"session":"s1","agent":"ada's","principal":"ada","calls":9,"#,
                    #""ts":"1970-01-01T00:00:01.000000Z","next":["#,
                    #"{"server":"git","tool":"diff","arguments":{"a": [1,"\u0007"]},"probability":0.5},"#,
                    #"{"server":"git","tool":"log","arguments":null,"probability":0.25}],"#,
                    #""suspicion":0.125,"anomalies":1}]"#,
                ])))
        #expect(
            text.contains(
                joined([
                    #""anomalies":[{"ts":"1970-01-01T00:00:00.000002Z","call_id":"d","session":"s1","#,
                    #""server":"git","tool":"log","kind":"result","start":5,"end":9,"bits":30.0,"#,
                    #""share":0.0,"text":"odd"}]}"#,
                ])))
    }

    @Test("An unknown session is refused with those that there are")
    func unknownSession() {
        publish()
        let exchange = ask("/api/v1/patterns", "session=other")
        #expect(exchange.answered?.status == 404)
        #expect(exchange.text.contains(#""code":"unknown_session""#))
        #expect(exchange.text.hasSuffix(#""available":["s2","s1"]}}"#))
    }

    @Test("What is expected of a tool is within what it can be, else null")
    func tool() {
        publish()
        #expect(
            ask("/api/v1/patterns/tools", "limit=1&cursor=1").text
                == joined([
                    #"{"items":[{"server":"git","tool":"log","calls":9,"#,
                    #""latency":{"median_ms":1.5,"bound95_ms":4.0},"failure":0.125,"cacheability":null,"#,
                    #""mutates":null,"ts":"1970-01-01T00:00:01.000000Z"}],"next":null}"#,
                ]))
    }

    @Test("The lists come in pages, and a page that is none is refused")
    func pages() {
        publish()
        #expect(ask("/api/v1/patterns/sessions", "limit=1").text.hasSuffix(#""next":"1"}"#))
        #expect(ask("/api/v1/patterns/anomalies", "session=s2").text.contains(#""call_id":"c""#))
        #expect(!ask("/api/v1/patterns/anomalies", "session=s2").text.contains(#""call_id":"d""#))
        #expect(ask("/api/v1/patterns", "limit=1").text.contains("diff"))
        #expect(!ask("/api/v1/patterns", "limit=1").text.contains(#""tool":"log","calls""#))
        #expect(ask("/api/v1/patterns", "limit=0").answered?.status == 400)
        #expect(ask("/api/v1/patterns/tools", "cursor=x").answered?.status == 400)
    }

    @Test("One figure of a task grows with how right it is, of the latest calls where they are known")
    func natural() throws {
        let overview = try #require(PatternOverview(json: Array(Self.overview.utf8)))
        let natural = overview.scores.map { $0.natural }
        #expect(natural.map { $0?.name } == [.top1, .oneMinusBrier, nil])
        #expect(natural.map { $0?.value } == [0.75, 0.75, nil])
    }

    @Test("Whatever stands in the learner's table, the answer is JSON and bounded", arguments: 0..<8)
    func garbage(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let texts = [Self.overview, Self.session, Self.tool, Self.anomalies].map { Array($0.utf8) }
        let keys = ["overview", "session/s", "tool/a/b", "anomalies", "tool/", "", "session/\u{7}"]
        for _ in 0..<300 {
            var entries: [String: [UInt8]] = [:]
            for key in keys {
                var bytes = random.pick(texts)
                for _ in 0..<Int.random(in: 0...6, using: &random) {
                    let at = Int.random(in: 0..<bytes.count, using: &random)
                    bytes[at] = random.pick(Array(#"0919e.-+[]{}",:nul"#.utf8) + random.bytes(1))
                }
                if random.chance(10) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
                entries["pattern/" + key] = bytes
            }
            source.published.withLock { $0 = entries }
            let body = ask("/api/v1/patterns").answered?.body ?? []
            #expect(throws: Never.self, "seed \(seed)") { try JSONView(validating: body) }
        }
    }

    @Test("Huge numbers, deep values and endless lists do no harm")
    func extremes() throws {
        let deep = String(repeating: "[", count: 120) + String(repeating: "]", count: 120)
        let guess = #"{"tool":"t","probability":0.1,"arguments":\#(deep)}"#
        let many = Array(repeating: #"{"tool":"t","probability":0.1}"#, count: 500).joined(separator: ",")
        let long = String(repeating: "x", count: 10_000)
        let entries = [
            "pattern/overview": #"{"calls":99999999999999999999,"cpu_s":1e999,"at_us":9223372036854775807}"#,
            "pattern/session/deep": #"{"session":"deep","next":[\#(guess)]}"#,
            "pattern/session/many": #"{"session":"many","next":[\#(many)]}"#,
            "pattern/session/long": joined([
                #"{"session":"long","next":[{"tool":"t","probability":1,"#,
                #""arguments":"\#(long)"}],"agent":"\#(long)"}"#,
            ]),
        ]
        source.published.withLock { $0 = entries.mapValues { Array($0.utf8) } }
        let body = ask("/api/v1/patterns").answered?.body ?? []
        let view = try JSONView(validating: body)
        #expect(view["overview"]?["calls"]?.int == 0 && view["overview"]?["cpu_s"]?.isNull == true)
        #expect(view["overview"]?["ts"]?.string == "9999-12-31T23:59:59.999999Z")
        #expect(view["sessions"]?.elements.map { $0["session"]?.string } == ["long", "many"])
        #expect(view["sessions"]?.elements.map { $0["next"]?.count } == [1, 8])
        #expect(body.count < 4000)
    }
}
