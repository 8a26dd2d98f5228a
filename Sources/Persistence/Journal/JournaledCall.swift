import Schemas
import Telemetry

/// A call as the journal tells it to those who missed it in the rings.
package struct JournaledCall: Sendable, Equatable {
    /// Its number in its loop's ring.
    package var sequence: UInt64
    /// The JSON-RPC method.
    package var method: String
    package var server: String
    package var tool: String
    package var outcome: CallRecord.Outcome
    /// Since 1970.
    package var startMicroseconds: UInt64
    package var queueMicroseconds: UInt32
    package var upstreamMicroseconds: UInt32
    package var durationMicroseconds: UInt32
    package var requestBytes: UInt64
    package var resultBytes: UInt64

    /// None for an entry that is no call, or one of a later version.
    init?(_ entry: JournalEntry) {
        guard case .message(let message) = entry.what, let outcome = message.call.outcome.recorded else {
            return nil
        }
        let call = message.call
        sequence = call.sequence
        method = message.messageType
        server = call.server
        tool = call.tool
        self.outcome = outcome
        startMicroseconds = message.timestamp
        queueMicroseconds = call.queueUs
        upstreamMicroseconds = call.upstreamUs
        durationMicroseconds = call.durationUs
        requestBytes = call.requestBytes
        resultBytes = call.resultBytes
    }
}
