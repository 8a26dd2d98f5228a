import Dashboard
import Identifiers
import Telemetry

extension GatewayProgram {
    /// What the learner has found; nothing where there is no learner.
    var patterns: LearnedPatterns {
        learnerView?.patterns
            ?? LearnedPatterns(atMicroseconds: WallClock.microseconds, learner: learnerFacts)
    }

    /// Connects what the learner says of how it learns to `/metrics`.
    func registerPatternMetrics() {
        let latest = PatternReading { [weak self] in self?.learnerView?.overview }
        let families = [
            MetricFamily("attune_model_accuracy", .gauge, Self.accuracyHelp) {
                let scores = latest.overview?.scores ?? []
                return PatternScore.tasks.compactMap { known in
                    guard let score = scores.first(where: { $0.task == known.task })?.natural else {
                        return nil
                    }
                    let labels = [("task", known.task), ("metric", score.name.rawValue)]
                    return MetricFamily.Sample(labels, score.value)
                }
            },
            Self.seconds(
                "attune_prediction_seconds", "What foretelling one call takes, in processor time.", latest,
                \.predictNanoseconds),
            Self.seconds(
                "attune_training_seconds", "What learning from one call takes, in processor time.", latest,
                \.updateNanoseconds),
            // A learner that begins anew begins at zero, as counters do.
            MetricFamily(
                "attune_training_cpu_seconds_total", .counter,
                "Processor time that the learner has spent on foretelling and learning."
            ) { latest.overview?.processorSeconds.map { [MetricFamily.Sample([], $0)] } ?? [] },
            MetricFamily(
                "attune_anomalies_total", .counter, "What the learner found unusual in the calls, by kind."
            ) {
                (latest.overview?.anomalies ?? []).map { kind, count in
                    MetricFamily.Sample([("kind", kind.rawValue)], Double(count))
                }
            },
        ]
        for family in families { recorder.metrics.register(family) }
        registerRising("attune_data_processed_total", "Calls that the learner's patterns were learned from.")
        {
            Double(latest.overview?.calls ?? 0)
        }
        registerRising(
            "attune_learner_sampled_out_total",
            "Calls that were not learned from, so that learning stays within its budget."
        ) { Double(latest.overview?.sampledOut ?? 0) }
    }

    private static let accuracyHelp = """
        How right the predictions of the latest 500 or so calls were, each made before its call was learned: \
        top1 is the share of calls that the first guess was, one_minus_brier one minus the Brier score, \
        coverage95 the share of latencies within the bound that 95 % are to stay within.
        """

    private static func seconds(
        _ name: String, _ help: String, _ latest: PatternReading,
        _ nanoseconds: @escaping @Sendable (PatternOverview) -> Double?
    ) -> MetricFamily {
        MetricFamily(name, .gauge, help) {
            latest.overview.flatMap(nanoseconds).map { [MetricFamily.Sample([], $0 / 1e9)] } ?? []
        }
    }
}
