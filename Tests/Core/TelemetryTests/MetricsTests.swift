import Identifiers
import Telemetry
import Testing

@Suite("Metrics")
struct MetricsTests {
    @Test("A call is counted under its labels, whichever loop it ran on")
    func counted() {
        let metrics = Metrics(loops: 2, version: "1.2.3")
        metrics.record(sampleCall(1), loop: 0)
        metrics.record(sampleCall(2), loop: 1)
        metrics.record(sampleCall(3, outcome: .timeout), loop: 1)
        let lines = text(metrics.page()).split(separator: "\n")
        let labels = #"server="git",tool="git__status",method="tools/call""#
        #expect(lines.contains("attune_requests_total{\(labels),outcome=\"ok\"} 2"))
        #expect(lines.contains("attune_requests_total{\(labels),outcome=\"upstream_timeout\"} 1"))
        #expect(lines.contains(#"attune_errors_total{server="git",kind="upstream_timeout"} 1"#))
        #expect(lines.contains(#"attune_message_latency_seconds_count{server="git",method="tools/call"} 3"#))
        #expect(
            lines.contains(#"attune_message_latency_seconds_sum{server="git",method="tools/call"} 0.0045"#))
        #expect(lines.contains(#"attune_overhead_seconds_bucket{server="git",le="0.0005"} 3"#))
        #expect(lines.contains(#"attune_overhead_seconds_bucket{server="git",le="0.0002"} 0"#))
        #expect(lines.contains(#"attune_build_info{version="1.2.3"} 1"#))
        let attributes =
            #"mcp_method_name="tools/call",gen_ai_operation_name="execute_tool","#
            + #"gen_ai_tool_name="git__status""#
        #expect(lines.contains("mcp_server_operation_duration_seconds_count{\(attributes)} 2"))
    }

    @Test("Every sample belongs to a family that was announced before it, and no family comes twice")
    func wellFormed() {
        let metrics = Metrics(loops: 1, version: "0")
        metrics.record(sampleCall(1), loop: 0)
        metrics.register(MetricFamily("attune_connections", .gauge, "Open connections.") { [.init([], 4)] })
        metrics.register(MetricFamily("attune_connections", .gauge, "Again.") { [.init([], 5)] })
        var announced: Set<String> = []
        for line in text(metrics.page()).split(separator: "\n") {
            if line.hasPrefix("# TYPE ") {
                let isNew = announced.insert(String(line.split(separator: " ")[2])).inserted
                #expect(isNew, "\(line)")
            } else if !line.hasPrefix("#") {
                let name = line.prefix { $0 != "{" && $0 != " " }
                let family = ["_bucket", "_sum", "_count"].reduce(String(name)) { name, suffix in
                    name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
                }
                #expect(announced.contains(family) || announced.contains(String(name)), "\(line)")
            }
        }
        #expect(text(metrics.page()).contains("attune_connections 4\n"))
    }

    @Test("A metric of servers names so many of them, sums up the rest as other, and names none twice")
    func serversBeyondLimit() {
        let metrics = Metrics(loops: 1, version: "0")
        let read = [("a", 1), ("b", 2), ("a", 4), ("c", 8), ("other", 16), ("b", 32), ("d", 64)]
        metrics.register(.byServer("few", .gauge, "", limit: 2) { read.map { (server: $0.0, value: $0.1) } })
        metrics.register(.byServer("none", .gauge, "") { [] })
        metrics.register(.byServer("all", .gauge, "") { read.map { (server: $0.0, value: $0.1) } })
        let lines = text(metrics.page()).split(separator: "\n").filter { $0.contains("{server=") }
        #expect(
            lines == [
                #"few{server="a"} 5"#, #"few{server="b"} 34"#, #"few{server="other"} 88"#,
                #"all{server="a"} 5"#, #"all{server="b"} 34"#, #"all{server="c"} 8"#,
                #"all{server="other"} 16"#, #"all{server="d"} 64"#,
            ])
    }

    @Test("Label values are escaped as the text format demands")
    func escaping() {
        var page = Exposition()
        page.family("x", .gauge, "a\\b\nc")
        page.sample("x", [("l", "a\"b\\c\nd")], 1.5)
        #expect(text(page.bytes) == "# HELP x a\\\\b\\nc\n# TYPE x gauge\nx{l=\"a\\\"b\\\\c\\nd\"} 1.5\n")
    }

    @Test("Label sets beyond the bound are counted as other, and none is lost")
    func bounded() {
        let metrics = Metrics(loops: 2, version: "0", seriesLimit: 10)
        for number in 0..<500 {
            metrics.record(sampleCall(UInt64(number), tool: "tool\(number % 100)"), loop: number % 2)
        }
        let lines = text(metrics.page()).split(separator: "\n").filter {
            $0.hasPrefix("attune_requests_total{")
        }
        #expect(lines.count == 11)
        #expect(lines.contains { $0.contains(#"server="other",tool="other",method="other""#) })
        #expect(lines.compactMap { Int($0.split(separator: " ").last ?? "") }.reduce(0, +) == 500)
    }

    @Test("A client cannot make up labels: unknown methods and tools that led nowhere are other")
    func madeUp() {
        #expect(SeriesKey(sampleCall(1, method: "evil/\u{7}")).method == "other")
        #expect(SeriesKey(sampleCall(1, server: "", tool: "evil", outcome: .refused)).tool == "other")
        #expect(SeriesKey(sampleCall(1, tool: "file:///x", method: "resources/read")).tool == "")
    }

    @Test("Errors that are no calls are counted by server and kind")
    func faults() {
        let metrics = Metrics(loops: 1, version: "0")
        metrics.error(server: "git", kind: "launch")
        metrics.error(server: "git", kind: "launch")
        #expect(text(metrics.page()).contains(#"attune_errors_total{server="git",kind="launch"} 2"#))
    }

    @Test("Rates are averages over the last ten whole seconds")
    func rates() {
        let metrics = Metrics(loops: 1, version: "0")
        for number in 0..<50 {
            let outcome: CallRecord.Outcome = number < 10 ? .unavailable : .ok
            metrics.record(sampleCall(UInt64(number), outcome: outcome, start: 100_000_000), loop: 0)
        }
        #expect(metrics.rates(now: 102_000_000).callsPerSecond == 5)
        #expect(metrics.rates(now: 102_000_000).errorsPerSecond == 1)
        #expect(metrics.rates(now: 100_900_000).callsPerSecond == 0)
        #expect(metrics.rates(now: 111_000_000).callsPerSecond == 0)
    }

    @Test("The resident memory of the process is reported")
    func memory() {
        #expect(ProcessReadings.now().residentBytes > 1_000_000)
    }

    @Test("Tools are listed by calls, with errors and quantiles")
    func tools() throws {
        let metrics = Metrics(loops: 1, version: "0")
        for number in 0..<99 { metrics.record(sampleCall(UInt64(number), duration: 1500), loop: 0) }
        metrics.record(sampleCall(99, outcome: .toolError, duration: 900_000), loop: 0)
        metrics.record(sampleCall(100, tool: "git__log"), loop: 0)
        let rows = metrics.toolStatistics()
        #expect(rows.map(\.tool) == ["git__status", "git__log"])
        let first = try #require(rows.first)
        #expect(first.calls == 100 && first.errors == 1)
        #expect((1000...2000).contains(first.medianMicroseconds))
        #expect(first.p99Microseconds <= 2000)
    }
}
