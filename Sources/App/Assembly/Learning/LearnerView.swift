import Dashboard
import Forwarding
import Identifiers
import Orchestration
import Rings
import SharedMemory
import SharedState
import Telemetry

/// What the gateway can see of rings and learner: everything is read from segments that others write, and
/// nothing of it is believed.
struct LearnerView {
    private static let mostPredictions = 512
    private static let mostTools = 2000

    let core: Segment
    let service: LearnerService

    func report(servers: [ServerReport], metrics: Metrics) -> TopReport {
        let table = self.table
        let tools = table.map(tools) ?? []
        let predictions = table.map(predictions) ?? []
        let rings = self.rings
        return TopReport(
            atMicroseconds: WallClock.microseconds,
            servers: servers.map { TopReport.Server(name: $0.name, state: $0.state) },
            tools: tools.isEmpty ? Self.tools(metrics) : tools, rings: rings.map(\.shown),
            learner: facts(rings, table), predictions: predictions)
    }

    /// How the learner is, for the metrics.
    var facts: LearnerFacts { facts(rings, table) }

    var table: StateTableView? {
        service.learnerSegment?.section(.stateTable).flatMap { try? StateTableView(section: $0) }
    }

    /// Bytes of the learner's table that entries take.
    var tableBytes: Int {
        guard let section = service.learnerSegment?.section(.stateTable),
            let table = try? StateTableView(section: section)
        else { return 0 }
        return min(Int(clamping: table.statistics.bytes), section.bytes)
    }

    /// Bytes of messages that were put into command rings and not read yet: the learner's and the workers'.
    var queueBytes: Int {
        guard let learner = service.learnerSegment else { return 0 }
        let own = core.section(.cursors).flatMap { try? CursorView($0.reading) }
        let learners = learner.section(.cursors).flatMap { try? CursorView($0) }
        return unread(learner, own)
            + service.members.workers.reduce(0) { $0 + unread($1, learners) }
    }

    /// - Parameter cursors: of the one process that reads the segment's command rings.
    private func unread(_ segment: AttachedSegment, _ cursors: CursorView?) -> Int {
        segment.sections(.commandRing).reduce(0) { sum, section in
            guard let ring = try? CommandRingReader(section, from: .end) else { return sum }
            let read =
                cursors?.commands(lane: ring.lane, generation: section.generation)?.position ?? 0
            let unread = ring.position - min(read, ring.position)
            return sum + Int(min(unread, section.capacity))
        }
    }

    // MARK: Rings

    struct Ring {
        var shown: TopReport.Ring
        var lag: UInt64
        var lagMilliseconds: UInt64
    }

    /// The learner's cursors over this gateway's observations.
    private func cursors(_ segment: AttachedSegment) -> [CursorEntry] {
        let view = segment.section(.cursors).flatMap { try? CursorView($0) }
        return view?.entries().filter { $0.stream.isObservations && $0.generation == core.generation } ?? []
    }

    var rings: [Ring] {
        let cursors = service.learnerSegment.map(cursors) ?? []
        let now = SharedClock.monotonicNanoseconds()
        return core.plan.sections.filter { $0.plan.kind == .observationRing }.compactMap { descriptor in
            let loop = descriptor.plan.index
            guard let section = core.section(.observationRing, loop)?.reading,
                let published = try? ObservationRingReader(section, from: .end).published
            else { return nil }
            let cursor = cursors.first { $0.stream == .observations(loop: loop) }
            let lag = cursor.map { published - min($0.position, published) } ?? 0
            let moved = cursor?.movedAt ?? now
            return Ring(
                shown: TopReport.Ring(
                    loop: Int(loop), fill: min(1, Double(lag) / Double(section.capacity)),
                    published: published, lost: min(cursor?.lost ?? 0, published)),
                lag: lag, lagMilliseconds: lag == 0 || moved >= now ? 0 : (now - moved) / 1_000_000)
        }
    }

    // MARK: The learner

    private func facts(_ rings: [Ring], _ table: StateTableView?) -> LearnerFacts {
        let segment = service.learnerSegment
        var facts = LearnerFacts(
            state: state(segment), mode: service.mode.rawValue, processID: service.processID)
        facts.restarts = service.restarts
        facts.generation = segment?.header.generation ?? 0
        for ring in rings {
            facts.lagRecords &+= ring.lag
            facts.lagMilliseconds = max(facts.lagMilliseconds, ring.lagMilliseconds)
        }
        facts.workers = service.members.workers.map(\.header.name)
        guard let bytes = table?.value(LearnerKeys.report)?.bytes, let report = LearnerReport(json: bytes)
        else { return facts }
        facts.limits = report.limits
        facts.records = report.counts.records
        facts.lost = report.counts.lost
        facts.rejected = report.counts.rejected
        facts.unnamed = report.counts.unnamed
        facts.commands = report.counts.commands
        facts.refusedCommands = report.counts.refusedCommands
        facts.lostCommands = report.counts.lostCommands
        facts.predictions = report.counts.predictions
        facts.recovered = report.counts.recovered
        facts.recovering = report.recovering
        facts.head = report.head
        facts.version = report.version
        facts.committedMicroseconds = report.committedMicroseconds
        facts.fault = report.fault
        facts.tools = report.tools
        facts.processorSeconds = report.processorSeconds
        facts.residentBytes = report.residentBytes
        facts.stateBytes = report.stateBytes
        return facts
    }

    private func state(_ segment: AttachedSegment?) -> LearnerFacts.State {
        guard service.mode != .off else { return .off }
        guard let segment else { return .waiting }
        return segment.isWorked ? .attached : .stalled
    }

    // MARK: What it publishes

    private func tools(_ table: StateTableView) -> [TopReport.Tool] {
        var tools: [TopReport.Tool] = []
        table.forEach(prefix: Array(LearnerKeys.statistics.utf8)) { entry in
            guard tools.count < Self.mostTools, case .bytes(let key) = entry.key,
                let names = LearnerKeys.names(key, behind: LearnerKeys.statistics),
                let value = PublishedStatistics(entry.value)
            else { return }
            tools.append(TopReport.Tool(names.first, names.second, value))
        }
        return tools.sorted { ($1.calls, $0.server, $0.tool) < ($0.calls, $1.server, $1.tool) }
    }

    /// What the gateway itself has counted, while there is no learner.
    static func tools(_ metrics: Metrics) -> [TopReport.Tool] {
        metrics.toolStatistics().map {
            TopReport.Tool(
                server: $0.server, tool: $0.tool, calls: $0.calls, errors: $0.errors,
                medianMicroseconds: $0.medianMicroseconds, p99Microseconds: $0.p99Microseconds)
        }
    }

    private func predictions(_ table: StateTableView) -> [TopReport.Prediction] {
        var predictions: [TopReport.Prediction] = []
        table.forEach(prefix: Array(LearnerKeys.prediction.utf8)) { entry in
            guard predictions.count < Self.mostPredictions, entry.value.count <= Prediction.mostBytes,
                case .bytes(let key) = entry.key,
                let names = LearnerKeys.names(key, behind: LearnerKeys.prediction),
                let prediction = TopReport.Prediction(
                    task: names.first, subject: names.second, json: entry.value)
            else { return }
            predictions.append(prediction)
        }
        return predictions.sorted { ($0.task, $0.subject) < ($1.task, $1.subject) }
    }
}

extension TopReport.Tool {
    fileprivate init(_ server: String, _ tool: String, _ value: PublishedStatistics) {
        self.init(
            server: server, tool: tool, calls: value.calls, errors: value.errors,
            medianMicroseconds: Self.whole(value.medianMicroseconds),
            p99Microseconds: Self.whole(value.p99Microseconds),
            callsPerSecond: max(0, value.callsPerSecond), errorsPerSecond: max(0, value.errorsPerSecond))
    }

    /// A number of the table as a whole one, whatever it is.
    private static func whole(_ number: Double) -> UInt64 {
        UInt64(exactly: min(max(number, 0), 1e15).rounded()) ?? 0
    }
}
