import Telemetry

/// What keeps account of calls and of those who are turned away; implemented where the store is known.
///
/// Called on event loops: nothing here waits or does I/O.
package protocol CallAudit: AnyObject, Sendable {
    /// What a call has to do before it is forwarded.
    var gate: CallGate { get }
    /// Whether a call that was not taken note of in time is refused.
    var isRequired: Bool { get }
    /// Whether calls that wait at the gate are taken note of there too.
    var notesStarts: Bool { get }

    /// Takes note of a call that is about to be forwarded.
    /// - Parameter answer: called once, on any thread, with false for a call that is refused; not at all for
    ///   one that has ended before.
    func begin(_ call: AuditableCall, then answer: @escaping @Sendable (Bool) -> Void)

    /// Takes note of a call that has ended.
    func ended(_ call: AuditableCall, wasStarted: Bool)

    /// Takes note of a request that was turned away for who asked.
    func turnedAway(status: Int, path: String, principal: String, reason: String)
}

/// What a call has to do before it is forwarded.
package enum CallGate: Sendable {
    case pass, wait, refuse
}

/// A call and its messages.
package struct AuditableCall: Sendable {
    package var record: CallRecord
    package var request: [UInt8]
    /// Where in the request the arguments stand, or the params without such; empty for none.
    package var arguments: Range<Int>
    package var answer: [UInt8] = []
    /// Where in the server's answer the result or error stands; empty where the gateway answered.
    package var result = 0..<0
}

extension AuditableCall {
    init(_ record: CallRecord, of incoming: Incoming, answer: CallObserver.Payload? = nil) {
        self.record = record
        request = incoming.message
        let own = incoming.frame.paramsArguments
        arguments = (own.isEmpty ? incoming.frame.params : own).range
        guard let answer else { return }
        self.answer = answer.message
        result = answer.range.range
    }
}
