/// What is known of the calls of one tool: counts, latencies, sizes and rates; mergeable but for the rates.
///
/// Memory: about 400 bytes and two sketches; see `QuantileSketch`.
package struct CallStatistics: Sendable {
    /// What is counted of one call.
    package struct Call: Sendable {
        package var durationMicroseconds: UInt64
        package var upstreamMicroseconds: UInt64
        package var queueMicroseconds: UInt64
        package var requestBytes: UInt64
        package var resultBytes: UInt64
        package var isError: Bool
        /// Microseconds since 1970.
        package var startMicroseconds: UInt64

        package init(
            durationMicroseconds: UInt64, upstreamMicroseconds: UInt64 = 0, queueMicroseconds: UInt64 = 0,
            requestBytes: UInt64 = 0, resultBytes: UInt64 = 0, isError: Bool = false,
            startMicroseconds: UInt64 = 0
        ) {
            self.durationMicroseconds = durationMicroseconds
            self.upstreamMicroseconds = upstreamMicroseconds
            self.queueMicroseconds = queueMicroseconds
            self.requestBytes = requestBytes
            self.resultBytes = resultBytes
            self.isError = isError
            self.startMicroseconds = startMicroseconds
        }
    }

    /// The time constant of the rates, in seconds.
    package static let rateTimeConstant = 10.0

    package private(set) var calls: UInt64 = 0
    package private(set) var errors: UInt64 = 0
    package private(set) var requestBytes: UInt64 = 0
    package private(set) var resultBytes: UInt64 = 0
    /// When the latest call started, in microseconds since 1970; 0 without one.
    package private(set) var latestMicroseconds: UInt64 = 0
    /// Whole durations in microseconds.
    package private(set) var durations = QuantileSketch()
    package private(set) var durationMoments = RunningMoments()
    /// The part of a call that its server took.
    package private(set) var upstreams = QuantileSketch()
    package private(set) var queueMoments = RunningMoments()
    package private(set) var callRate = DecayingRate(timeConstant: rateTimeConstant)
    package private(set) var errorRate = DecayingRate(timeConstant: rateTimeConstant)

    package init() {}

    /// Counts one call.
    /// - Parameter second: the reading, in whole seconds, of a clock that does not go back.
    package mutating func insert(_ call: Call, second: UInt64) {
        count(call)
        callRate.record(second: second)
        if call.isError { errorRate.record(second: second) }
    }

    /// Counts one call of an earlier time, which says nothing of the rates of now.
    package mutating func count(_ call: Call) {
        calls += 1
        if call.isError { errors += 1 }
        requestBytes &+= call.requestBytes
        resultBytes &+= call.resultBytes
        latestMicroseconds = max(latestMicroseconds, call.startMicroseconds)
        durations.insert(call.durationMicroseconds)
        durationMoments.insert(Double(call.durationMicroseconds))
        upstreams.insert(call.upstreamMicroseconds)
        queueMoments.insert(Double(call.queueMicroseconds))
    }

    /// Begins the rates anew, such as where the clock is another one.
    package mutating func forgetRates() {
        callRate = DecayingRate(timeConstant: Self.rateTimeConstant)
        errorRate = DecayingRate(timeConstant: Self.rateTimeConstant)
    }

    /// Adds the calls that another has counted; the rates stay those of this one.
    package mutating func merge(_ other: CallStatistics) {
        calls &+= other.calls
        errors &+= other.errors
        requestBytes &+= other.requestBytes
        resultBytes &+= other.resultBytes
        latestMicroseconds = max(latestMicroseconds, other.latestMicroseconds)
        durations.merge(other.durations)
        durationMoments.merge(other.durationMoments)
        upstreams.merge(other.upstreams)
        queueMoments.merge(other.queueMoments)
    }

    /// Adds the calls that `theirs` has beyond `base`, each `rule.weight` times; the rates stay those of this
    /// one.
    package func merged(
        with theirs: CallStatistics, beyond base: CallStatistics, _ rule: LinearMerge
    ) -> CallStatistics {
        var result = self
        result.calls = rule.count(calls, theirs.calls, beyond: base.calls)
        result.errors = min(result.calls, rule.count(errors, theirs.errors, beyond: base.errors))
        result.requestBytes = rule.count(requestBytes, theirs.requestBytes, beyond: base.requestBytes)
        result.resultBytes = rule.count(resultBytes, theirs.resultBytes, beyond: base.resultBytes)
        result.latestMicroseconds = max(latestMicroseconds, theirs.latestMicroseconds)
        result.durations = durations.merged(with: theirs.durations, beyond: base.durations, rule)
        result.durationMoments = durationMoments.merged(
            with: theirs.durationMoments, beyond: base.durationMoments, rule)
        result.upstreams = upstreams.merged(with: theirs.upstreams, beyond: base.upstreams, rule)
        result.queueMoments = queueMoments.merged(
            with: theirs.queueMoments, beyond: base.queueMoments, rule)
        return result
    }
}

extension CallStatistics {
    package func save(to encoder: inout ByteEncoder) {
        for value in [calls, errors, requestBytes, resultBytes, latestMicroseconds] { encoder.write(value) }
        durations.save(to: &encoder)
        durationMoments.save(to: &encoder)
        upstreams.save(to: &encoder)
        queueMoments.save(to: &encoder)
        callRate.save(to: &encoder)
        errorRate.save(to: &encoder)
    }

    /// Reads statistics; nil from bytes that none wrote.
    package init?(restoring decoder: inout ByteDecoder) {
        guard let calls = decoder.integer(upTo: QuantileSketch.mostValues),
            let errors = decoder.integer(upTo: calls),
            let requestBytes = decoder.integer(), let resultBytes = decoder.integer(),
            let latest = decoder.integer(), let durations = QuantileSketch(restoring: &decoder),
            let durationMoments = RunningMoments(restoring: &decoder),
            let upstreams = QuantileSketch(restoring: &decoder),
            let queueMoments = RunningMoments(restoring: &decoder),
            let callRate = DecayingRate(timeConstant: Self.rateTimeConstant, restoring: &decoder),
            let errorRate = DecayingRate(timeConstant: Self.rateTimeConstant, restoring: &decoder)
        else { return nil }
        self.calls = calls
        self.errors = errors
        self.requestBytes = requestBytes
        self.resultBytes = resultBytes
        latestMicroseconds = latest
        self.durations = durations
        self.durationMoments = durationMoments
        self.upstreams = upstreams
        self.queueMoments = queueMoments
        self.callRate = callRate
        self.errorRate = errorRate
    }
}
