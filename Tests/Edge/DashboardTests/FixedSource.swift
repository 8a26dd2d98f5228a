import Dashboard
import MetricHistory
import Synchronization

/// A gateway with one server that is up and one that is down.
final class FixedSource: AdminSource {
    let state = Mutex(Readiness.State.ready)
    /// Of the learner's state table.
    let published = Mutex<[String: [UInt8]]>([:])
    let outcome = Mutex<ReloadOutcome?>(.applied(changes: ["server git added"], notes: []))

    func status() -> GatewayStatus {
        let reason = Readiness.Reason(
            component: "server:time", state: "down", detail: "exit status 1", sinceMicroseconds: 0)
        return GatewayStatus(
            readiness: Readiness(state.withLock { $0 }, reasons: [reason]), mcpURL: "http://h/mcp",
            adminURL: "http://a/", serversUp: 1, serversTotal: 2, version: "0.1.0", learnerState: "off",
            configurationFile: "/c.toml", socketPath: "/s.sock")
    }

    func memory() -> MemoryReport {
        MemoryReport(
            profile: "edge",
            parts: [
                .init(part: "rings", budgetBytes: 300, usedBytes: 20, enforcedBy: "its size"),
                .init(part: "model_storage", budgetBytes: 100, usedBytes: 0, enforcedBy: "a \"count\""),
            ], workingBytes: 300, learningBufferBytes: 100)
    }

    func audit(
        _ words: [String: String], before place: UInt64?, limit: Int,
        _ deliver: @escaping @Sendable (AuditPage) -> Void
    ) {
        if words["kind"] == "none" { return deliver(.refused(reason: "no such kind")) }
        let end = place ?? 5
        let rows = (0..<end).suffix(limit).reversed().map { Array("{\"seq\":\($0)}".utf8) }
        deliver(.rows(rows, next: end > UInt64(limit) ? end - UInt64(limit) : nil))
    }

    func note(_ act: ReportedAct) -> ReportedAct.Receipt {
        switch act.action {
        case "nothing": .notKept
        case "too much": .crowded
        default: .noted
        }
    }

    func top(_ deliver: @escaping @Sendable (TopReport) -> Void) {
        var learner = LearnerFacts(state: .attached, mode: "process", processID: 42)
        learner.lagRecords = 5
        learner.records = 12
        learner.limits = "RLIMIT_DATA and nice"
        let prediction = TopReport.Prediction(
            task: "latency", subject: "git/log",
            json: Array(#"{"task":"latency","subject":"git/log","value":1.5}"#.utf8))
        deliver(
            TopReport(
                atMicroseconds: 1_000_000, servers: [.init(name: "git", state: "up")],
                tools: [
                    .init(
                        server: "git", tool: "log", calls: 10, errors: 1, medianMicroseconds: 120,
                        p99Microseconds: 900, callsPerSecond: 2.5)
                ], rings: [.init(loop: 0, fill: 0.25, published: 12, lost: 3)], learner: learner,
                predictions: [prediction].compactMap { $0 }))
    }

    func patterns(_ deliver: @escaping @Sendable (LearnedPatterns) -> Void) {
        let entries = published.withLock { $0 }
        let learner = LearnerFacts(state: .attached, mode: "process", processID: 42)
        deliver(
            LearnedPatterns(
                atMicroseconds: 1_000_000, learner: learner,
                entries: entries.map { (Array($0.key.utf8), $0.value) }))
    }

    func metrics(_ query: MetricQuery, _ deliver: @escaping @Sendable (MetricAnswer?) -> Void) {
        guard query.name != "none" else { return deliver(nil) }
        let steps = [
            MetricTrack.Step(start: 60, covered: 60, point: .values(ValueSummary(30))),
            MetricTrack.Step(start: 120, covered: 60, point: nil),
        ]
        let series = MetricSeries(.counter, query.name, query.labels)
        deliver(MetricAnswer(tracks: [MetricTrack(series: series, steps: steps)], hasMore: true))
    }

    func metricSeries(_ deliver: @escaping @Sendable ([MetricSeries]?) -> Void) {
        deliver([MetricSeries(.gauge, "a"), MetricSeries(.counter, "b", [.init("server", "git")])])
    }

    func servers(_ deliver: @escaping @Sendable ([ServerRow]) -> Void) {
        let row = ServerRow(
            name: "git", state: "up", era: "modern", version: "2026-07-28", transport: "stdio", processID: 7,
            restarts: 0, tools: 2, lastError: nil, sinceMicroseconds: 0, standardError: ["a \"line\""])
        deliver([row])
    }

    func tools(_ deliver: @escaping @Sendable ([ListedTool]) -> Void) {
        deliver(
            ["status", "log", "diff"].map {
                ListedTool(name: "git__\($0)", server: "git", upstreamName: $0, title: nil)
            })
    }

    func models(_ deliver: @escaping @Sendable ([ModelRow]?) -> Void) {
        let version = ModelRow.Version(
            id: "ab12", version: 3, microseconds: 1_000_000, author: "learner", message: "5 calls",
            metrics: ["calls": 5])
        deliver([
            ModelRow(
                name: "learner", branch: "main", head: version, branches: [("main", "ab12")],
                recent: [version])
        ])
    }

    /// Never answers.
    func sessions(_ deliver: @escaping @Sendable ([SessionRow]) -> Void) {}

    func tend(_ task: StoreTask, _ deliver: @escaping @Sendable (StoreTask.Outcome) -> Void) {
        switch task {
        case .checkpoint(let path): deliver(.done(path: path, bytesBefore: 7, bytesAfter: 7))
        case .compact: deliver(.failed(reason: "there is no space left on the disk to compact"))
        }
    }

    func reload(_ deliver: @escaping @Sendable (ReloadOutcome) -> Void) {
        if let outcome = outcome.withLock({ $0 }) { deliver(outcome) }
    }
}
