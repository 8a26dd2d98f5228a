import Dashboard
import Identifiers
import Sessions
import Telemetry
import Testing

@Suite("The admin front")
struct AdminFrontTests {
    let source = FixedSource()
    let recorder = Recorder(loops: 1, version: "0.1.0", log: .none)

    private func ask(
        _ path: String, _ query: String = "", verb: HTTPRequest.Verb = .get, body: String = ""
    ) -> KeptExchange {
        let exchange = KeptExchange()
        let request = HTTPRequest(
            verb: verb, path: path, query: query, headers: HTTPRequest.Headers(), body: Array(body.utf8))
        AdminFront(source: source, recorder: recorder).received(request, exchange)
        exchange.manual.advance(.zero)
        return exchange
    }

    private func record(_ count: UInt64, tool: String = "git__status") {
        for number in 1...count {
            recorder.finished(
                CallRecord(
                    callID: CallID(number << 6), startMicroseconds: number, principal: .anonymous,
                    session: "",
                    server: "git", tool: tool, method: "tools/call", modern: true, outcome: .ok, errorCode: 0,
                    queueMicroseconds: 0, upstreamMicroseconds: 5, durationMicroseconds: 9, requestBytes: 1,
                    resultBytes: 1, adviceVersion: 0, decisions: []), loop: 0)
        }
    }

    @Test(
        "Readiness is 200 while calls are served and 503 while not, with reasons",
        arguments: Readiness.State.allCases)
    func readiness(state: Readiness.State) {
        source.state.withLock { $0 = state }
        let exchange = ask("/readyz")
        #expect(exchange.answered?.status == (state == .ready || state == .degraded ? 200 : 503))
        #expect(
            exchange.text == #"{"status":"\#(state.rawValue)","reasons":[{"component":"server:time","#
                + #""state":"down","detail":"exit status 1","since":"1970-01-01T00:00:00.000000Z"}]}"#)
    }

    @Test("Another method than the address takes is refused with what it takes")
    func methods() {
        #expect(ask("/api/v1/status", verb: .post).answered?.status == 405)
        #expect(ask("/healthz", verb: .head).answered?.status == 200)
        #expect(ask("/metrics", verb: .delete).answered?.headers.allow?.description == "GET, HEAD")
        #expect(ask("/-/reload").answered?.headers.allow?.description == "POST")
    }

    @Test("An unknown address is refused with those that exist")
    func unknown() {
        let exchange = ask("/api/v1/nothing")
        #expect(exchange.answered?.status == 404)
        #expect(exchange.text.contains("/api/v1/servers"))
        #expect(ask("/api/v1/policies").text.contains("not_available"))
    }

    @Test("What a command did is taken note of, and bodies that tell of nothing are refused")
    func acts() {
        let path = "/api/v1/audit/acts"
        let act = #"{"action":"keys rotate","outcome":"applied","details":["by ada"]}"#
        #expect(ask(path, verb: .post, body: act).text == #"{"noted":true}"#)
        #expect(ask(path).answered?.status == 405)
        let nothing = act.replacing("keys rotate", with: "nothing")
        #expect(ask(path, verb: .post, body: nothing).answered?.status == 404)
        let crowded = act.replacing("keys rotate", with: "too much")
        #expect(ask(path, verb: .post, body: crowded).answered?.status == 503)
        let long = String(repeating: "x", count: 1025)
        for body in [
            "", "[]", #"{"action":"reload","outcome":"applied"}"#, act.replacing("applied", with: "done"),
            act.replacing("keys rotate", with: ""), act.replacing("keys rotate", with: "Keys"),
            act.replacing("by ada", with: long), act.replacing(#""by ada""#, with: "1"),
            act.replacing(#""by ada""#, with: Array(repeating: #""x""#, count: 17).joined(separator: ",")),
        ] {
            #expect(ask(path, verb: .post, body: body).answered?.status == 400, "\(body.prefix(80))")
        }
    }

    @Test("The audit log comes in pages, the newest first, and says what it can't look for")
    func audit() {
        #expect(ask("/api/v1/audit", "limit=2").text == #"{"items":[{"seq":4},{"seq":3}],"next":"3"}"#)
        #expect(ask("/api/v1/audit", "limit=9&cursor=3").text.hasSuffix(#"{"seq":0}],"next":null}"#))
        #expect(ask("/api/v1/audit", "kind=none").answered?.status == 400)
        #expect(ask("/api/v1/audit", "cursor=x").answered?.status == 400)
        #expect(ask("/api/v1/audit", "limit=0").answered?.status == 400)
    }

    @Test("The parts of the memory come with their budgets, and their sum")
    func memory() {
        let expected =
            #"{"profile":"edge","total_bytes":400,"parts":["#
            + #"{"part":"rings","budget_bytes":300,"used_bytes":20,"enforced_by":"its size"},"#
            + #"{"part":"model_storage","budget_bytes":100,"used_bytes":0,"enforced_by":"a \"count\""}],"#
            + #""totals":{"working":300,"learning_buffer":100}}"#
        #expect(ask("/api/v1/memory").text == expected)
    }

    @Test("Lists come as items and a cursor, also in pages")
    func lists() {
        #expect(ask("/api/v1/servers").text.contains(#""pid":7"#))
        let first = ask("/api/v1/tools", "limit=2")
        #expect(first.text.contains("git__log") && first.text.hasSuffix(#""next":"2"}"#))
        let second = ask("/api/v1/tools", "limit=2&cursor=2")
        #expect(second.text.contains("git__diff") && second.text.hasSuffix(#""next":null}"#))
        #expect(ask("/api/v1/tools", "cursor=-1").answered?.status == 400)
        #expect(ask("/api/v1/tools", "limit=x").answered?.status == 400)
    }

    @Test("Models come with HEAD, branches and their last versions")
    func models() {
        let version =
            #"{"id":"ab12","version":3,"ts":"1970-01-01T00:00:01.000000Z","author":"learner","#
            + #""message":"5 calls","metrics":{"calls":5.0}}"#
        let expected =
            #"{"items":[{"name":"learner","branch":"main","version":3,"head":"# + version
            + #","branches":[{"name":"main","id":"ab12"}],"recent":["# + version + #"]}],"next":null}"#
        #expect(ask("/api/v1/models").text == expected)
    }

    @Test("What goes on is one object: rates, servers, tools, rings, the learner and predictions")
    func top() {
        let text = ask("/api/v1/top").text
        #expect(text.hasPrefix(#"{"ts":"1970-01-01T00:00:01.000000Z","calls_per_s":0.0,"errors_per_s":0.0,"#))
        #expect(
            text.contains(
                #""servers":[{"name":"git","state":"up","calls":10,"errors":1,"calls_per_s":2.5,"#
                    + #""errors_per_s":0.0}]"#))
        #expect(
            text.contains(
                #""tools":[{"server":"git","tool":"log","calls":10,"errors":1,"p50_us":120,"p99_us":900,"#))
        #expect(text.contains(#""rings":[{"loop":0,"fill":0.25,"published":12,"lost":3}]"#))
        #expect(
            text.contains(#""learner":{"pid":42,"state":"attached","lag_records":5,"lag_ms":0}"#))
        #expect(
            text.hasSuffix(
                #""predictions":[{"task":"latency","subject":"git/log","value":1.5}]}"#))
    }

    @Test("The learner is shown with all that it counts")
    func learner() {
        let text = ask("/api/v1/learner").text
        for part in [
            #""state":"attached""#, #""mode":"process""#, #""limits":"RLIMIT_DATA and nice""#,
            #""records":12"#, #""rings":[{"loop":0"#, #""predictions":[{"task""#,
        ] {
            #expect(text.contains(part))
        }
    }

    @Test("A prediction that is no JSON object is not shown", arguments: ["", "[1]", "{", "1}{"])
    func badPrediction(text: String) {
        #expect(TopReport.Prediction(task: "a", subject: "b", json: Array(text.utf8)) == nil)
    }

    @Test("Calls are listed by filter, and found by id")
    func calls() {
        record(3)
        record(1, tool: "a b&c")
        #expect(ask("/api/v1/calls", "tool=a%20b%26c").text.contains(#""tool":"a b&c""#))
        #expect(ask("/api/v1/calls", "outcome=refused").text == #"{"items":[],"next":null}"#)
        #expect(ask("/api/v1/calls", "outcome=none").answered?.status == 400)
        #expect(ask("/api/v1/calls", "cursor=%21").answered?.status == 400)
        #expect(ask("/api/v1/calls", "limit=0").answered?.status == 400)
        #expect(ask("/api/v1/calls/\(CallID(2 << 6).text)").text.contains(#""duration_us":9"#))
        #expect(ask("/api/v1/calls/zzz").answered?.status == 404)
    }

    @Test("The store is copied where an absolute path says, and a fault is told")
    func store() {
        let path = "/api/v1/store/checkpoint"
        #expect(ask(path).answered?.headers.allow?.description == "POST")
        #expect(ask(path, verb: .post).answered?.status == 400)
        #expect(ask(path, verb: .post, body: #"{"path":"copy"}"#).answered?.status == 400)
        let made = ask(path, verb: .post, body: #"{"path":"/copy"}"#)
        #expect(made.answered?.status == 200 && made.text.contains(#""path":"/copy""#))
        let full = ask("/api/v1/store/compact", verb: .post)
        #expect(full.answered?.status == 409 && full.text.contains("no space left"))
    }

    @Test("A reload tells what changed, or what is wrong")
    func reload() {
        #expect(ask("/-/reload", verb: .post).text.contains("server git added"))
        source.outcome.withLock { $0 = .refused(problems: ["line 3: no"]) }
        #expect(ask("/-/reload", verb: .post).answered?.status == 422)
        source.outcome.withLock { $0 = .busy }
        #expect(ask("/-/reload", verb: .post).answered?.status == 409)
    }

    @Test("A question that the gateway does not answer ends in 503")
    func patience() {
        let exchange = ask("/api/v1/sessions")
        #expect(exchange.answered == nil)
        exchange.manual.advance(.seconds(11))
        #expect(exchange.answered?.status == 503)
    }

    @Test("The event stream sends the status and finished calls, and ends with its client")
    func events() {
        let exchange = KeptExchange()
        let front = AdminFront(source: source, recorder: recorder)
        let request = HTTPRequest(
            verb: .get, path: "/api/v1/events", query: "", headers: HTTPRequest.Headers(), body: [])
        front.received(request, exchange)
        #expect(exchange.hasStream)
        #expect(exchange.events.map(\.name) == ["status"])
        record(300)
        recorder.events.publish(.server(name: "time", state: "up", detail: ""))
        exchange.isWritable = false
        exchange.manual.advance(.seconds(1))
        #expect(exchange.events.count == 1)
        exchange.isWritable = true
        exchange.manual.advance(.seconds(1))
        #expect(exchange.events.contains { $0.name == "calls" && $0.data.hasSuffix(#""lost":100}"#) })
        #expect(exchange.events.contains { $0.name == "change" && $0.data.contains(#""server":"time""#) })
        front.abandoned(exchange)
        #expect(!recorder.events.isWatched)
        #expect(exchange.manual.waiting == 0)
    }

    @Test("The page loads nothing from elsewhere")
    func page() {
        for path in ["/", "/dashboard.css", "/dashboard.js", "/favicon.svg"] {
            let exchange = ask(path)
            #expect(exchange.answered?.status == 200)
            let text = exchange.text.replacing("http://www.w3.org/2000/svg", with: "")
            #expect(!text.contains("http://") && !text.contains("https://") && !text.contains("innerHTML"))
        }
        #expect(ask("/").answered?.content == .html)
    }

    @Test("The history of a metric is given in steps, by labels, and in pages")
    func history() {
        let query = "name=calls&from=0&to=3600&step=60&server=git&limit=1&cursor=3"
        #expect(
            ask("/api/v1/metrics", query).text
                == #"{"items":[{"name":"calls","kind":"counter","labels":{"server":"git"},"step_s":60,"#
                + #""points":[{"t":60,"rate":0.5,"count":30.0,"min":0.0,"max":30.0},"#
                + #"{"t":120,"rate":0.0,"count":0.0,"min":0.0,"max":0.0}]}],"next":"4"}"#)
        #expect(ask("/api/v1/metrics", "name=none").answered?.status == 503)
        for wrong in ["from=5&to=5", "from=x", "step=0", "from=0&to=9999&step=1", "cursor=-1", "limit=0"] {
            #expect(ask("/api/v1/metrics", "name=a&" + wrong).answered?.status == 400, "\(wrong)")
        }
        #expect(
            ask("/api/v1/metrics/series", "limit=1").text
                == #"{"items":[{"name":"a","kind":"gauge","labels":{}}],"next":"1"}"#)
    }
}
