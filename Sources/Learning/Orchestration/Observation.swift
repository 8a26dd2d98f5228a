import Learners
import Telemetry

/// What the learner takes from one observation record, checked.
package struct Observation: Sendable, Equatable {
    /// Ids of interned names; 0 for none.
    package var server: UInt32
    package var tool: UInt32
    package var method: UInt32
    package var outcome: CallRecord.Outcome
    package var startMicroseconds: UInt64
    package var queueMicroseconds: UInt32
    package var upstreamMicroseconds: UInt32
    package var durationMicroseconds: UInt32
    package var requestBytes: UInt32
    package var resultBytes: UInt32

    package init(
        server: UInt32, tool: UInt32, method: UInt32, outcome: CallRecord.Outcome, startMicroseconds: UInt64,
        queueMicroseconds: UInt32 = 0, upstreamMicroseconds: UInt32 = 0, durationMicroseconds: UInt32,
        requestBytes: UInt32 = 0, resultBytes: UInt32 = 0
    ) {
        self.server = server
        self.tool = tool
        self.method = method
        self.outcome = outcome
        self.startMicroseconds = startMicroseconds
        self.queueMicroseconds = queueMicroseconds
        self.upstreamMicroseconds = upstreamMicroseconds
        self.durationMicroseconds = durationMicroseconds
        self.requestBytes = requestBytes
        self.resultBytes = resultBytes
    }

    var call: CallStatistics.Call {
        CallStatistics.Call(
            durationMicroseconds: UInt64(durationMicroseconds),
            upstreamMicroseconds: UInt64(upstreamMicroseconds), queueMicroseconds: UInt64(queueMicroseconds),
            requestBytes: UInt64(requestBytes), resultBytes: UInt64(resultBytes), isError: outcome.isError,
            startMicroseconds: startMicroseconds)
    }
}
