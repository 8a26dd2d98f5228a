import Identifiers
import Patterns
import Rings
import SharedMemory
import SharedState
import Telemetry

/// Feeds the patterns of traffic from the rings and publishes what they tell. Confined to the learner's
/// thread.
struct PatternDesk {
    /// What is published in a second, at most.
    private static let mostTools = 64
    private static let mostSessions = 32
    private static let mostGroups = 16
    private static let mostSequences = 20
    /// Groups and sequences are put together anew so many nanoseconds apart.
    private static let reviewing: UInt64 = 5_000_000_000
    private static let mostNames = 8192
    private static let smoothing = 0.02
    static let sessionLifetime = Duration.seconds(30 * 60)

    let settings: PatternSettings
    var patterns: TrafficPatterns
    private var budget: LearningBudget
    private(set) var costs = PatternJSON.Costs()
    private(set) var predictionSeconds = 0.0
    private(set) var trainingSeconds = 0.0
    private var payloads: [UInt64: PayloadRingReader] = [:]
    /// Names that stay, by their ids.
    private var names: [UInt32: String] = [:]
    private var groups: [SessionClusters.Group] = []
    private var sequences: [TrafficPatterns.Sequence] = []
    private var nextReview: UInt64 = 0
    /// Tools that are published, by their keys.
    private var shownTools: Set<[UInt8]> = []
    private var gone: [[UInt8]] = []
    /// The parts that were made last, and of how many calls.
    var kept: (parts: [String: [UInt8]], learned: UInt64, nanoseconds: UInt64)?
    /// Whether the next version is the last one.
    var isEnding = false
    private var published: (learned: UInt64, anomalies: UInt64, sampledOut: UInt64)?

    let sizes: PatternSizes

    init(_ settings: PatternSettings, core: AttachedSegment) {
        self.settings = settings
        sizes = PatternSizes(bytes: settings.bytes)
        patterns = TrafficPatterns(sizes)
        budget = LearningBudget(share: settings.processorShare)
        for section in core.sections(.payloadRing) {
            payloads[UInt64(section.index)] = try? PayloadRingReader(section)
        }
    }

    /// Learns from a call, unless it is none of a tool or there is no time for it.
    mutating func observe(_ record: ObservationRecord, loop: UInt64, _ table: StateTableView) {
        guard record.server != 0, record.tool != 0, name(record.method, table) == "tools/call",
            let outcome = CallRecord.Outcome(rawValue: record.outcome),
            let server = name(record.server, table), let tool = name(record.tool, table)
        else { return }
        var call = ObservedCall(server: server, tool: tool)
        // The names of sessions may be given up, and their ids be given to others.
        call.sessionName = record.session == 0 ? "" : table.name(record.session)?.text ?? ""
        call.principal = name(record.principal, table) ?? ""
        guard budget.admits(TrafficPatterns.sessionHash(call), now: MonotonicTime.now.nanoseconds) else {
            costs.sampledOut &+= 1
            return
        }
        call.callID = record.callID
        call.startMicroseconds = record.startMicroseconds
        call.durationMicroseconds = UInt64(record.durationMicroseconds)
        call.resultBytes = UInt64(record.resultBytes)
        call.isError = outcome.isError
        learn(&call, record, loop)
    }

    private mutating func learn(_ call: inout ObservedCall, _ record: ObservationRecord, _ loop: UInt64) {
        let start = ProcessorTime.ofThread
        let payload = CallPayload(record, payloads[loop])
        call.arguments = payload.arguments
        call.argumentsHash =
            payload.arguments.map { TrafficPatterns.hash(of: $0) } ?? record.argumentHash
        call.result = payload.result
        call.resultHash = record.resultHash
        guard let expectation = patterns.expect(call) else { return }
        let middle = ProcessorTime.ofThread
        patterns.learn(call, expectation)
        let end = ProcessorTime.ofThread
        let (predicting, training) = (middle &- min(start, middle), end &- min(middle, end))
        budget.spend(predicting &+ training)
        predictionSeconds += Double(predicting) / 1e9
        trainingSeconds += Double(training) / 1e9
        let rate = patterns.learned <= 1 ? 1 : Self.smoothing
        costs.predictNanoseconds += rate * (Double(predicting) - costs.predictNanoseconds)
        costs.updateNanoseconds += rate * (Double(training) - costs.updateNanoseconds)
    }

    /// The name of an id whose name stays.
    private mutating func name(_ id: UInt32, _ table: StateTableView) -> String? {
        if let known = names[id] { return known }
        guard let found = table.name(id) else { return nil }
        if found.kind.isPinned, names.count < Self.mostNames { names[id] = found.text }
        return found.text
    }

    // MARK: Publishing

    /// What changed since the last time: a bounded number of entries of the state table.
    mutating func changes(now: MonotonicTime, wall: UInt64) -> [StateChange] {
        let start = ProcessorTime.ofThread
        patterns.endIdle(now: wall)
        let current = (patterns.learned, patterns.anomalies.count, costs.sampledOut)
        var changes = gone.map { StateChange.delete(key: $0) }
        gone = []
        if published == nil || published?.anomalies != current.1 {
            changes.append(
                .put(
                    key: Array(LearnerKeys.anomalies.utf8), value: PatternJSON.anomalies(patterns.anomalies),
                    lifetime: nil))
        }
        for outlook in patterns.takeTools(most: Self.mostTools) {
            guard let key = LearnerKeys.toolPattern(server: outlook.server, tool: outlook.tool) else {
                continue
            }
            shownTools.insert(key)
            changes.append(.put(key: key, value: PatternJSON.tool(outlook), lifetime: nil))
        }
        for outlook in patterns.takeSessions(most: Self.mostSessions) {
            guard let key = LearnerKeys.sessionPattern(outlook.name) else { continue }
            changes.append(
                .put(key: key, value: PatternJSON.session(outlook), lifetime: Self.sessionLifetime))
        }
        if let published, published == current { return changes }
        review(now.nanoseconds)
        changes.append(
            .put(
                key: Array(LearnerKeys.overview.utf8),
                value: PatternJSON.overview(
                    patterns, groups: groups, sequences: sequences, costs, at: wall), lifetime: nil))
        published = current
        let spent = ProcessorTime.ofThread &- start
        budget.spend(spent)
        trainingSeconds += Double(spent) / 1e9
        costs.processorSeconds = predictionSeconds + trainingSeconds
        return changes
    }

    /// Publishes everything anew; what is not known any more goes.
    mutating func forgetPublished() {
        gone = shownTools.sorted { $0.lexicographicallyPrecedes($1) }
        shownTools = []
        (published, nextReview) = (nil, 0)
    }

    /// Counts what the thread has done for learning alone.
    mutating func trained(since start: UInt64) {
        trainingSeconds += Double(ProcessorTime.ofThread &- start) / 1e9
    }

    private mutating func review(_ now: UInt64) {
        guard now >= nextReview else { return }
        nextReview = now &+ Self.reviewing
        groups = patterns.sessionGroups(most: Self.mostGroups)
        sequences = patterns.frequentSequences(most: Self.mostSequences)
    }

    var report: PatternReport {
        var report = PatternReport()
        report.calls = patterns.learned
        report.sampledOut = costs.sampledOut
        report.predictionSeconds = predictionSeconds
        report.trainingSeconds = trainingSeconds
        report.memoryBytes = patterns.memoryBytes
        report.anomalies = patterns.anomalies.count
        for task in TrafficAccuracy.Task.allCases where patterns.accuracy[task].count > 0 {
            let scores = patterns.accuracy[task]
            for (index, measure) in task.measures.enumerated() {
                report.accuracy.append(
                    PatternReport.Accuracy(
                        task: task.rawValue, measure: "\(measure)", value: scores.mean(index),
                        recent: scores.recentMean(index)))
            }
        }
        return report
    }
}
