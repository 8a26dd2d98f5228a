import Telemetry

/// A call as the log takes it: what is known of it, and its messages, which are hashed off the event loop.
package struct AuditedCall: Sendable {
    package var record: CallRecord
    package var request: [UInt8]
    /// Where in the request the arguments stand, or the params without such; empty for none.
    package var arguments: Range<Int>
    package var answer: [UInt8]
    /// Where in the server's answer the result or error stands; empty where the gateway answered.
    package var result: Range<Int>

    package init(
        _ record: CallRecord, request: [UInt8], arguments: Range<Int>, answer: [UInt8] = [],
        result: Range<Int> = 0..<0
    ) {
        self.record = record
        self.request = request
        self.arguments = arguments
        self.answer = answer
        self.result = result
    }
}
