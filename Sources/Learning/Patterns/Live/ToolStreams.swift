import Learners

/// The numbers that the calls of one tool give, one after the other: latencies, sizes of results, failures.
///
/// Memory: two series of 10 kB and a window of 4.6 kB.
struct ToolStreams: Sendable {
    /// Something unusual in a stream.
    struct Alarm: Sendable {
        var kind: TrafficAnomaly.Kind
        /// How unlikely it is.
        var share: Float
        var text: String
    }

    static let bytes = 26 << 10
    /// Alarms of a stream count from so many values on.
    private static let fewestValues: UInt64 = 100
    /// Of an `AdaptiveWindow`'s check.
    private static let errorChance = 0.002
    /// In logarithms of seconds: a lasting change by half is told after some thirty calls.
    private static let drift = (tolerance: 0.2, threshold: 8.0)
    /// `exp(-2 * tolerance * threshold / variance)` at a variance of 0.35.
    private static let driftChance: Float = 1e-4

    private var latency = SeriesAnomaly()
    private var size = SeriesAnomaly()
    private var errors = AdaptiveWindow(delta: errorChance)
    private var drift = PageHinkley(tolerance: drift.tolerance, threshold: drift.threshold)

    init() {}

    mutating func observe(_ call: ObservedCall) -> [Alarm] {
        var alarms: [Alarm] = []
        let time = Int64(clamping: call.startMicroseconds / 1_000_000)
        let seconds = LatencyForecast.logarithm(Float(call.durationMicroseconds) / 1_000_000)
        if let found = Self.alarm(&latency, Double(seconds), time, .latency) { alarms.append(found) }
        if !call.isError {
            let bytes = Transcendental.logarithm(Float(min(call.resultBytes, 1 << 40)) + 1)
            if let found = Self.alarm(&size, Double(bytes), time, .size) { alarms.append(found) }
            if let change = drift.insert(Double(seconds)) {
                let text = change == .rise ? "Calls take longer than before." : "Calls take less than before."
                alarms.append(Alarm(kind: .drift, share: Self.driftChance, text: text))
            }
        }
        if errors.insert(call.isError ? 1 : 0) == .rise {
            let percent = Int((100 * errors.mean).rounded())
            alarms.append(
                Alarm(
                    kind: .errors, share: Float(Self.errorChance),
                    text: "\(percent) % of the latest \(errors.count) calls failed, more than before."))
        }
        return alarms
    }

    private static func alarm(
        _ series: inout SeriesAnomaly, _ value: Double, _ time: Int64, _ kind: TrafficAnomaly.Kind
    ) -> Alarm? {
        guard let judgement = series.judge(value, at: time), let alarm = series.learn(judgement),
            alarm.index >= fewestValues
        else { return nil }
        return Alarm(
            kind: kind, share: alarm.probability,
            text: text(kind, judgement.aspect, value, judgement.expected))
    }

    private static func text(
        _ kind: TrafficAnomaly.Kind, _ aspect: SeriesAnomaly.Aspect, _ value: Double, _ expected: Double?
    ) -> String {
        let number = { (logarithm: Double) -> String in
            let plain = Transcendental.exponential(Float(min(max(logarithm, -20), 30)))
            guard kind == .latency else { return "\(Int(max(0, plain - 1))) bytes" }
            return plain < 1 ? "\((plain * 10_000).rounded() / 10) ms" : "\((plain * 10).rounded() / 10) s"
        }
        let what = kind == .latency ? "The call took \(number(value))" : "The result has \(number(value))"
        let usual = expected.map { ", where \(number($0)) were to be expected" } ?? ""
        switch aspect {
        case .level: return what + usual + "."
        case .shift: return what + "; the latest values differ from those before."
        case .variation: return what + "; the latest values vary more, or less, than those before."
        case .timeOfDay: return what + usual + " at this time of the day."
        case .timeOfWeek: return what + usual + " at this time of the week."
        }
    }
}

extension ToolStreams {
    func save(to encoder: inout ByteEncoder) {
        latency.save(to: &encoder)
        size.save(to: &encoder)
        errors.save(to: &encoder)
        drift.save(to: &encoder)
    }

    /// nil from bytes that none wrote.
    init?(restoring decoder: inout ByteDecoder) {
        guard let latency = SeriesAnomaly(restoring: &decoder),
            let size = SeriesAnomaly(restoring: &decoder),
            let errors = AdaptiveWindow(delta: Self.errorChance, restoring: &decoder),
            let drift = PageHinkley(
                tolerance: Self.drift.tolerance, threshold: Self.drift.threshold, restoring: &decoder)
        else { return nil }
        (self.latency, self.size, self.errors, self.drift) = (latency, size, errors, drift)
    }
}
