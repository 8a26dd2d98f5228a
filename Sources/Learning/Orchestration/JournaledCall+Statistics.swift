import Journal
import Learners

extension JournaledCall {
    var statistics: CallStatistics.Call {
        CallStatistics.Call(
            durationMicroseconds: UInt64(durationMicroseconds),
            upstreamMicroseconds: UInt64(upstreamMicroseconds), queueMicroseconds: UInt64(queueMicroseconds),
            requestBytes: requestBytes, resultBytes: resultBytes, isError: outcome.isError,
            startMicroseconds: startMicroseconds)
    }
}
