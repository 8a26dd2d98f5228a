import Dashboard
import Identifiers
import Synchronization
import Telemetry

extension GatewayProgram {
    /// What goes on now, as far as the learner can tell; without one, what the gateway itself has counted.
    var topReport: TopReport {
        let servers = gateway.serverReports
        if let learnerView { return learnerView.report(servers: servers, metrics: recorder.metrics) }
        return TopReport(
            atMicroseconds: WallClock.microseconds,
            servers: servers.map { TopReport.Server(name: $0.name, state: $0.state) },
            tools: LearnerView.tools(recorder.metrics), rings: [], learner: learnerFacts)
    }

    var learnerFacts: LearnerFacts {
        learnerView?.facts ?? LearnerFacts(state: .off, mode: configuration.learning.mode.rawValue)
    }

    var learnerView: LearnerView? {
        guard let learner, let region else { return nil }
        return LearnerView(core: region.segment, service: learner)
    }

    /// Connects what the learner and Python programs hold to the account of memory.
    func measureLearning() {
        memory.measure(.stateCache) { [weak self] in self?.learnerView?.tableBytes ?? 0 }
        memory.measure(.messageQueue) { [weak self] in self?.learnerView?.queueBytes ?? 0 }
        memory.measure(.modelStorage) { [weak self] in self?.learnerFacts.stateBytes ?? 0 }
    }

    private typealias Reading = @Sendable (LearnerFacts) -> Double

    /// Connects what is known of rings and learner to `/metrics`.
    func registerLearnerMetrics() {
        let gauges: [(name: String, help: String, value: Reading)] = [
            (
                "attune_learner_attached", "1 while the learner is attached and works, else 0.",
                { $0.state == .attached ? 1 : 0 }
            ),
            (
                "attune_learner_lag_records", "Records that the learner has not read yet.",
                { Double($0.lagRecords) }
            ),
            (
                "attune_learner_lag_seconds", "How long the learner has not got on with unread records.",
                { Double($0.lagMilliseconds) / 1000 }
            ),
            (
                "attune_learner_tools", "Tools that the learner keeps statistics of.",
                { Double($0.tools) }
            ),
            (
                "attune_learner_resident_memory_bytes", "Resident memory of the learner's process.",
                { Double($0.residentBytes) }
            ),
        ]
        let counters: [(name: String, help: String, value: Reading)] = [
            (
                "attune_learner_restarts_total", "Starts of the learner's process after the first.",
                { Double($0.restarts) }
            ),
            (
                "attune_learner_records_total", "Records that the learner has taken into account.",
                { Double($0.records) }
            ),
            (
                "attune_learner_records_rejected_total", "Records that hold what no gateway writes.",
                { Double($0.rejected) }
            ),
            (
                "attune_learner_commands_total", "Messages of workers that the learner has carried out.",
                { Double($0.commands) }
            ),
            (
                "attune_learner_commands_refused_total", "Messages of workers that the learner refused.",
                { Double($0.refusedCommands) }
            ),
            (
                "attune_learner_predictions_total", "Predictions of workers that the learner published.",
                { Double($0.predictions) }
            ),
        ]
        for (name, help, value) in gauges { register(name, .gauge, help, value) }
        for (name, help, value) in counters {
            registerRising(name, help) { [weak self] in self.map { value($0.learnerFacts) } ?? 0 }
        }
        // A new process begins at zero, as counters do.
        register(
            "attune_learner_cpu_seconds_total", .counter, "Processor time of the learner's process.",
            { $0.processorSeconds })
        registerRingMetrics()
    }

    private func register(
        _ name: String, _ kind: Exposition.Kind, _ help: String, _ value: @escaping Reading
    ) {
        recorder.metrics.register(
            MetricFamily(name, kind, help) { [weak self] in
                self.map { [MetricFamily.Sample([], value($0.learnerFacts))] } ?? []
            })
    }

    /// A counter of what the learner says, which is not seen to fall while a learner is away or before it has
    /// taken up where an earlier one ended: whoever reads counters would take its return for an increase.
    func registerRising(_ name: String, _ help: String, _ value: @escaping @Sendable () -> Double) {
        let highest = Mutex(0.0)
        recorder.metrics.register(
            MetricFamily(name, .counter, help) {
                let read = value()
                let shown = highest.withLock { highest in
                    highest = max(highest, read)
                    return highest
                }
                return [MetricFamily.Sample([], shown)]
            })
    }

    private func registerRingMetrics() {
        let rings: [(name: String, help: String, value: @Sendable (TopReport.Ring) -> UInt64)] = [
            (
                "attune_ring_records_published_total", "Records that the observation rings have taken.",
                \.published
            ),
            (
                "attune_ring_records_lost_total",
                "Records that were overwritten before the learner read them.",
                \.lost
            ),
        ]
        for (name, help, value) in rings {
            registerRising(name, help) { [weak self] in
                Double((self?.learnerView?.rings ?? []).reduce(0) { $0 &+ value($1.shown) })
            }
        }
    }
}
