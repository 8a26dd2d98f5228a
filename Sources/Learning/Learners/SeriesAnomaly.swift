/// Finds what is unusual in a stream of numbers, such as latencies, sizes or rates.
///
/// Seven magnitudes are followed, each with the tail of its own past (`ExcessTail`): how far the value is
/// from its long mean; how far the mean of about 30 values is from that of 400; how much the changes of about
/// 20 values differ from those of 500 (`ln` of the ratio); and how far the value, and a mean of about 5, are
/// from what is usual at that half hour of the day and of the week (`SeasonalProfile`). Their surprises,
/// `-log10 p`, are added as in Fisher's method, with a smoothed part of earlier ones, and `AlarmGate` tells
/// few of them: the form of the Numenta benchmark's detectors, a residual, the likelihood of it, and a
/// pause (Lavin, Ahmad: "Evaluating real-time anomaly detection algorithms", ICMLA 2015).
///
/// Memory: 3.6 kB of counts and 6.5 kB of profiles.
package struct SeriesAnomaly: Sendable {
    /// What is unusual about a value.
    package enum Aspect: String, Sendable, CaseIterable {
        /// It is far from the mean of all values.
        case level
        /// The latest values differ from those before.
        case shift
        /// The latest values change more, or less, than those before.
        case variation
        /// It is unusual at that time of the day.
        case timeOfDay = "time-of-day"
        case timeOfWeek = "time-of-week"
    }

    /// What there is to say about a value before it is learned.
    package struct Judgement: Sendable, Equatable {
        package var value: Double
        /// In seconds since 1970, if known.
        package var time: Int64?
        /// All surprises together; comparable over streams.
        package var evidence: Float
        /// What is most unusual, and `-log10` of its probability.
        package var aspect: Aspect
        package var surprise: Float
        /// The value that was to be expected, where `aspect` says one.
        package var expected: Double?
        var sum: Float
        var magnitudes: SIMD8<Float>
    }

    /// A judgement that was let through.
    package struct Alarm: Sendable, Equatable {
        /// The number of the value in its stream, from 0.
        package var index: UInt64
        package var judgement: Judgement
        /// The probability of so unusual a value.
        package var probability: Float { Transcendental.exponential(-2.302_585 * judgement.surprise) }
    }

    static let aspects: [Aspect] = [
        .level, .shift, .variation, .timeOfDay, .timeOfWeek, .timeOfDay, .timeOfWeek,
    ]
    static let rates = (
        level: 0.001, brief: 1.0 / 30, long: 1.0 / 400, changes: 1.0 / 20, longChanges: 1.0 / 500,
        allChanges: 0.0001, smooth: 0.2
    )
    static let slots = (day: 48, week: 336)
    private static let changeFloor = 0.2
    static let mostValue = 1e29
    static let mostSeconds: Int64 = 1 << 40
    private static let smoothing: Float = 0.2
    /// Makes up for the magnitudes that need a time.
    private static let untimedFactor: Float = 2.7

    var level = SmoothedMean(rate: rates.level)
    var brief = SmoothedMean(rate: rates.brief)
    var long = SmoothedMean(rate: rates.long)
    var changes = SmoothedMean(rate: rates.changes)
    var longChanges = SmoothedMean(rate: rates.longChanges)
    var allChanges = SmoothedMean(rate: rates.allChanges)
    var smooth = SmoothedMean(rate: rates.smooth)
    var latest = 0.0
    var day = SeasonalProfile(slots: slots.day)
    var week = SeasonalProfile(slots: slots.week)
    var tails = [ExcessTail](repeating: ExcessTail(), count: aspects.count)
    var evidence: Float = 0
    var gate: AlarmGate
    /// Values that were learned.
    package internal(set) var count: UInt64 = 0

    /// - Parameter level: the evidence from which on it alarms.
    package init(level: Float = AlarmGate.standardLevel) { gate = AlarmGate(level: level) }

    /// What it holds, in bytes.
    package var memoryBytes: Int {
        day.memoryBytes + week.memoryBytes + tails.count * ExcessTail.buckets * 4
            + MemoryLayout<SeriesAnomaly>.size
    }

    /// What there is to say about the next value; nil for what is no number.
    ///
    /// - Parameter time: in seconds since 1970; without it nothing is known of days and weeks.
    /// - Complexity: 300 ns.
    package func judge(_ value: Double, at time: Int64? = nil) -> Judgement? {
        guard value.isFinite else { return nil }
        let value = min(max(value, -Self.mostValue), Self.mostValue)
        let time = time.flatMap { $0.magnitude <= Self.mostSeconds.magnitude ? $0 : nil }
        var judgement = Judgement(
            value: value, time: time, evidence: 0, aspect: .level, surprise: 0, expected: nil, sum: 0,
            magnitudes: SIMD8(repeating: -1))
        guard count > 0 else { return judgement }
        measure(&judgement)
        var strongest = 0
        for index in tails.indices where judgement.magnitudes[index] >= 0 {
            let surprise = tails[index].surprise(judgement.magnitudes[index])
            judgement.sum += time == nil ? Self.untimedFactor * surprise : surprise
            if surprise > judgement.surprise { (judgement.surprise, strongest) = (surprise, index) }
        }
        judgement.evidence = judgement.sum + evidence + Self.smoothing * (judgement.sum - evidence)
        judgement.aspect = Self.aspects[strongest]
        judgement.expected = expected(judgement.aspect, time)
        return judgement
    }

    /// Learns a value.
    ///
    /// - Parameter judgement: what `judge` said of it just before.
    /// - Complexity: 200 ns.
    package mutating func learn(_ judgement: Judgement) -> Alarm? {
        let (value, index) = (judgement.value, count)
        for index in tails.indices where judgement.magnitudes[index] >= 0 {
            tails[index].insert(judgement.magnitudes[index])
        }
        evidence += Self.smoothing * (judgement.sum - evidence)
        level.insert(value)
        brief.insert(value)
        long.insert(value)
        smooth.insert(value)
        if count > 0 {
            let change = (value - latest).magnitude
            changes.insert(change)
            longChanges.insert(change)
            allChanges.insert(change)
        }
        if let time = judgement.time {
            day.insert(value, smoothed: smooth.value, at: time)
            week.insert(value, smoothed: smooth.value, at: time)
        }
        latest = value
        count = min(count + 1, 1 << 62)
        return gate.passes(judgement.evidence) ? Alarm(index: index, judgement: judgement) : nil
    }

    /// Fills in the magnitudes that are known.
    private func measure(_ judgement: inout Judgement) {
        let value = judgement.value
        var found = judgement.magnitudes
        found[0] = Float((value - level.value).magnitude)
        found[1] = Float((brief.value(after: value) - long.value(after: value)).magnitude)
        let change = (value - latest).magnitude
        let floor = Self.changeFloor * allChanges.value(after: change) + 1e-9
        let (now, before) = (changes.value(after: change), longChanges.value(after: change))
        found[2] = Transcendental.logarithm(Float((now + floor) / (before + floor))).magnitude
        if let time = judgement.time {
            let smoothed = smooth.value(after: value)
            for (index, usual) in [day.usual(at: time), week.usual(at: time)].enumerated() {
                guard let usual else { continue }
                found[3 + index] = Float((value - usual.plain).magnitude)
                found[5 + index] = Float((smoothed - usual.smooth).magnitude)
            }
        }
        judgement.magnitudes = found
    }

    private func expected(_ aspect: Aspect, _ time: Int64?) -> Double? {
        switch aspect {
        case .level: level.value
        case .shift: long.value
        case .variation: nil
        case .timeOfDay: time.flatMap { day.usual(at: $0)?.plain }
        case .timeOfWeek: time.flatMap { week.usual(at: $0)?.plain }
        }
    }
}
