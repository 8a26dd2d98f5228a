import Crypto
import Foundation
import Schemas
import Telemetry

extension AuditEntry {
    /// The longest text that is kept of what a client or server may have made up.
    private static let mostTextBytes = 1024
    private static let mostDetails = 64

    init(_ event: AuditEvent, at microseconds: UInt64, version: String) {
        self.init()
        timestamp = microseconds
        switch event {
        case .ended(let ended, let wasStarted):
            call = AuditCall(ended, wasStarted ? .end : .whole)
        case .started(let started):
            call = AuditCall(started, .start)
        case .access(let refused):
            access = AuditAccess.with {
                $0.status = UInt32(clamping: refused.status)
                $0.path = Self.bounded(refused.path)
                $0.principal = Self.bounded(refused.principal)
                $0.reason = refused.reason
                $0.more = refused.more
            }
        case .act(let action, let origin, let outcome, let details):
            act = AuditAct.with {
                $0.action = action
                $0.origin = origin
                $0.outcome = outcome
                $0.details = details.prefix(Self.mostDetails).map(Self.bounded)
            }
        case .change(let file, let contents, let changes):
            change = AuditChange.with {
                $0.file = file
                $0.digest = Data(SHA256.hash(data: contents))
                $0.changes = changes.prefix(Self.mostDetails).map(Self.bounded)
            }
        case .stopped:
            run = AuditRun.with { run in
                run.version = version
                run.processID = UInt64(ProcessInfo.processInfo.processIdentifier)
            }
        }
    }

    static func bounded(_ text: String) -> String {
        text.utf8.count <= mostTextBytes
            ? text : String(decoding: text.utf8.prefix(mostTextBytes), as: UTF8.self)
    }
}

extension AuditCall {
    init(_ ended: AuditedCall, _ phase: AuditPhase) {
        self.init()
        let record = ended.record
        self.phase = phase
        callID = record.callID.rawValue
        principal = AuditEntry.bounded(record.principal.name)
        session = record.session
        server = record.server
        tool = AuditEntry.bounded(record.tool)
        method = AuditEntry.bounded(record.method)
        requestBytes = UInt64(clamping: record.requestBytes)
        if !ended.arguments.isEmpty { arguments = CallContent(ended.request[ended.arguments]) }
        guard phase != .start else { return }
        outcome = CallOutcome(record.outcome)
        errorCode = Int32(clamping: record.errorCode)
        durationUs = UInt32(clamping: record.durationMicroseconds)
        answerBytes = UInt64(clamping: record.resultBytes)
        if !ended.result.isEmpty { result = CallContent(ended.answer[ended.result]) }
        adviceVersion = record.adviceVersion
        decisions = record.decisions
    }
}

extension CallContent {
    fileprivate init(_ bytes: ArraySlice<UInt8>) {
        self.init()
        size = UInt64(bytes.count)
        digest = Data(SHA256.hash(data: bytes))
    }
}

extension CallOutcome {
    init(_ outcome: CallRecord.Outcome) {
        switch outcome {
        case .ok: self = .ok
        case .toolError: self = .toolError
        case .rpcError: self = .rpcError
        case .timeout: self = .upstreamTimeout
        case .unavailable: self = .upstreamUnavailable
        case .circuitOpen: self = .circuitOpen
        case .overloaded: self = .overloaded
        case .tooLarge: self = .messageTooLarge
        case .protocolError: self = .upstreamProtocolError
        case .draining: self = .draining
        case .cancelled: self = .cancelled
        case .refused: self = .refused
        }
    }

    /// The outcome as metrics and lists name it; nil for none.
    var label: String? {
        CallRecord.Outcome.allCases.first { CallOutcome($0) == self }?.label
    }
}
